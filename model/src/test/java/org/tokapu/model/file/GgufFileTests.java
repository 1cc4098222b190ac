package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;

/// GGUF files as gguf-py wrote them and reads them.
class GgufFileTests {
  @TempDir Path folder;

  @Test
  void everyMetadataTypeIsRead() {
    try (GgufFile file = GgufFile.open(Golden.copy("tiny.gguf", folder))) {
      assertThat(file.version()).isEqualTo(3);
      assertThat(file.metadata())
          .containsEntry("general.architecture", "llama")
          .containsEntry("t.u8", 255L)
          .containsEntry("t.i8", -128L)
          .containsEntry("t.u16", 65_535L)
          .containsEntry("t.i16", -32_768L)
          .containsEntry("t.u32", 4_294_967_295L)
          .containsEntry("t.i32", -2_147_483_648L)
          .containsEntry("t.u64", new BigInteger("18446744073709551615"))
          .containsEntry("t.i64", Long.MIN_VALUE)
          .containsEntry("t.f32", (double) 0.1f)
          .containsEntry("t.f64", 0.1)
          .containsEntry("t.bool", true)
          .containsEntry("t.string", "한글 😀 text")
          .containsEntry("t.strings", List.of("<unk>", "", "가", "▁hello"))
          .containsEntry("t.ints", List.of(1L, -2L, 3L))
          .containsEntry("t.floats", List.of(0.5, -1.25))
          .containsEntry("t.bools", List.of(true, false))
          .containsEntry("t.u16s", List.of(1L, 65_535L))
          .containsEntry("t.nested", List.of(List.of(1L, 2L), List.of(3L)));
      assertThat(file.metadata()).hasSize(19);
    }
  }

  @Test
  void tensorsAreRead() {
    try (GgufFile file = GgufFile.open(Golden.copy("tiny.gguf", folder))) {
      assertThat(file.tensors())
          .extracting(GgufTensor::name)
          .containsExactly("a.weight", "b.bias", "c.ids");
      GgufTensor a = file.find("a.weight").orElseThrow();
      assertThat(a.dims()).containsExactly(3, 5);
      assertThat(a.offset()).isEqualTo(800);
      float[] values = file.floats(a);
      assertThat(values).hasSize(15);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).isEqualTo(i / 8f);
      }
      GgufTensor ids = file.find("c.ids").orElseThrow();
      assertThat(file.data(ids).getAtIndex(ByteCursor.INT, 1)).isEqualTo(-2);
      assertThatThrownBy(() -> file.floats(ids))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("c.ids");
      assertThat(file.find("d")).isEmpty();
    }
  }

  @Test
  void typedAccessorsNameTheKey() {
    try (GgufFile file = GgufFile.open(Golden.copy("tiny.gguf", folder))) {
      GgufMetadata fields = file.fields();
      assertThat(fields.integer("t.i32")).contains(Integer.MIN_VALUE);
      assertThat(fields.integer("absent")).isEmpty();
      assertThat(fields.number("t.i8")).contains(-128.0);
      assertThat(fields.flag("t.bool")).contains(true);
      assertThat(fields.strings("t.strings").orElseThrow()).contains("가");
      assertThat(fields.floats("t.floats").orElseThrow()).containsExactly(0.5f, -1.25f);
      assertThat(fields.integers("t.ints").orElseThrow()).containsExactly(1, -2, 3);
      assertThatThrownBy(() -> fields.integer("t.u32")).hasMessageContaining("t.u32");
      assertThatThrownBy(() -> fields.text("t.u8"))
          .hasMessageContaining("t.u8: should be a string");
      assertThatThrownBy(() -> fields.strings("t.ints")).hasMessageContaining("INT32");
    }
  }

  static Stream<JsonObject> referenceFiles() {
    List<?> all = (List<?>) Json.parse(Golden.bytes("expected-gguf.json"), "expected-gguf.json");
    return all.stream().map(o -> JsonObject.of(o, "expected-gguf.json", ""));
  }

  @ParameterizedTest
  @MethodSource("referenceFiles")
  void referenceFilesAreReadAsGgufPyReadsThem(JsonObject expected) {
    Optional<Path> path = TestData.find(expected.text("file").orElseThrow());
    assumeTrue(path.isPresent(), "SKIPPED: the reference set is absent");
    try (GgufFile file = GgufFile.open(path.get())) {
      assertThat(file.tensors()).hasSize(expected.integer("count").orElseThrow());
      assertThat(file.alignment()).isEqualTo(expected.integer("alignment").orElseThrow());
      assertThat(file.metadata()).hasSameSizeAs(expected.list("metadata"));
      for (Object entry : expected.list("metadata")) {
        checkValue(file, (List<?>) entry);
      }
      for (Object entry : expected.list("tensors")) {
        List<?> e = (List<?>) entry;
        GgufTensor tensor = file.find((String) e.get(0)).orElseThrow();
        assertThat(Arrays.stream(tensor.dims()).boxed().toList()).isEqualTo(e.get(1));
        assertThat((long) tensor.typeId()).isEqualTo(e.get(2));
        assertThat(tensor.offset()).isEqualTo(e.get(3));
        assertThat(tensor.bytes()).isEqualTo(e.get(4));
        assertThat(Golden.crc32(file.data(tensor))).isEqualTo(e.get(5));
      }
    }
  }

  private static void checkValue(GgufFile file, List<?> expected) {
    String key = (String) expected.get(0);
    GgufValue value = file.fields().values().get(key);
    assertThat(value).as(key).isNotNull();
    if (key.equals("tokenizer.chat_template")) {
      String text = file.fields().text(key).orElseThrow();
      assertThat((long) text.codePointCount(0, text.length())).isEqualTo(expected.get(2));
    } else if (expected.size() == 6) {
      GgufArray array = file.fields().array(key).orElseThrow();
      assertThat(array.elementType().name()).isEqualTo(expected.get(1));
      assertThat((long) array.size()).isEqualTo(expected.get(2));
      assertThat(array.getFirst()).isEqualTo(expected.get(3));
      assertThat(array.get(array.size() / 2)).isEqualTo(expected.get(4));
      assertThat(array.getLast()).isEqualTo(expected.get(5));
    } else {
      assertThat(value.type().name()).isEqualTo(expected.get(1));
      assertThat(value.value()).as(key).isEqualTo(expected.get(2));
    }
  }

  @Test
  void imatrixHoldsNamedArrays() {
    Optional<Path> path = TestData.find("quant/imatrix.gguf");
    assumeTrue(path.isPresent(), "SKIPPED: the reference set is absent");
    try (GgufFile file = GgufFile.open(path.get())) {
      assertThat(file.fields().text("general.type")).contains("imatrix");
      float[] sums = file.floats(file.find("blk.0.attn_k.weight.in_sum2").orElseThrow());
      assertThat(sums).hasSize(256).startsWith(12355.625f, 11996.127f);
      assertThat(file.floats(file.find("blk.0.attn_k.weight.counts").orElseThrow()))
          .containsExactly(10240f);
    }
  }

  @Test
  void refusalsNameWhatIsWrong() {
    byte[] good = Golden.bytes("tiny.gguf");
    assertThatThrownBy(() -> open(with(good, 0, 'X'))).hasMessageContaining("not a GGUF file");
    assertThatThrownBy(() -> open(with(good, 4, 1))).hasMessageContaining("version 1");
    assertThatThrownBy(() -> open(with(good, 4, 9))).hasMessageContaining("version 9");
    byte[] big = with(with(good, 4, 0), 7, 3);
    assertThatThrownBy(() -> open(big)).hasMessageContaining("big-endian");
    byte[] cut = Arrays.copyOf(good, good.length - 20);
    assertThatThrownBy(() -> open(cut)).hasMessageContaining("c.ids").hasMessageContaining("fetch");
    assertThatThrownBy(() -> open(new byte[0])).isInstanceOf(ModelFormatException.class);
    assertThatThrownBy(() -> GgufFile.open(folder.resolve("absent.gguf")))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("absent.gguf");
    assertThatThrownBy(() -> GgufFile.open(folder)).hasMessageContaining("folder");
  }

  @Test
  void liesAboutSizesAreRefusedByName() {
    assertThatThrownBy(() -> open(header(1L << 60, 0))).hasMessageContaining("tensor count");
    assertThatThrownBy(() -> open(header(0, -1))).hasMessageContaining("metadata count");
    String[][] cases = {
      {"overlap", "overlaps"},
      {"rank", "dimensions"},
      {"huge", "impossible"},
      {"misaligned", "alignment"},
      {"type", "ggml type 99"},
      {"removed", "removed"},
      {"row", "packs"},
      {"twice", "twice"},
      {"zero", "impossible"},
      {"end", "the file ends"}
    };
    for (String[] c : cases) {
      assertThatThrownBy(() -> open(broken(c[0])))
          .as(c[0])
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(c[1]);
    }
  }

  /// Two F32 tensors of 8 numbers, with one thing broken.
  private static byte[] broken(String what) {
    ByteBuffer b = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    b.put(header(2, 0));
    tensor(b, "a", what.equals("rank") ? 5 : 1, 8, 0, 0);
    long dim =
        switch (what) {
          case "huge" -> Long.MAX_VALUE;
          case "zero" -> 0;
          case "end" -> 1000;
          default -> 8;
        };
    int type =
        switch (what) {
          case "type" -> 99;
          case "removed" -> 4;
          case "row" -> 2;
          default -> 0;
        };
    long offset =
        switch (what) {
          case "overlap" -> 0;
          case "misaligned" -> 33;
          default -> 32;
        };
    tensor(b, what.equals("twice") ? "a" : "b", 1, dim, type, offset);
    return b.array();
  }

  private static void tensor(ByteBuffer b, String name, int rank, long dim, int type, long offset) {
    b.putLong(name.length()).put(name.getBytes(StandardCharsets.UTF_8));
    b.putInt(rank).putLong(dim).putInt(type).putLong(offset);
  }

  private static byte[] header(long tensors, long values) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(GgufParser.MAGIC)
        .putInt(3)
        .putLong(tensors)
        .putLong(values)
        .array();
  }

  @Test
  void brokenUtf8InAVocabularyNamesTheElement() {
    byte[] bytes = Golden.bytes("tiny.gguf");
    byte[] ga = "가".getBytes(StandardCharsets.UTF_8);
    int at = 0;
    while (bytes[at] != ga[0] || bytes[at + 1] != ga[1] || bytes[at + 2] != ga[2]) {
      at++;
    }
    try (GgufFile file = GgufFile.open(write(with(bytes, at, 0xFF)))) {
      List<String> tokens = file.fields().strings("t.strings").orElseThrow();
      assertThat(tokens.get(3)).isEqualTo("▁hello");
      assertThatThrownBy(() -> tokens.get(2))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("t.strings[2]")
          .hasMessageContaining("UTF-8");
    }
  }

  /// A wrong implementation would read, or allocate, for minutes.
  @Test
  @Timeout(60)
  void aFileOfFortyGigabytesOpensByItsHeader() throws IOException {
    Path path = folder.resolve("sparse.gguf");
    long numbers = 10_000_000_000L;
    ByteBuffer head = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    head.put(header(2, 0));
    tensor(head, "big", 1, numbers, 0, 0);
    tensor(head, "last", 1, 8, 0, 4 * numbers);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(head.array(), 0, head.position());
      file.setLength(96 + 4 * numbers + 32);
    }
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.tensors()).hasSize(2);
      assertThat(file.find("big").orElseThrow().bytes()).isEqualTo(4 * numbers);
      assertThat(file.floats(file.find("last").orElseThrow())).containsOnly(0f).hasSize(8);
      assertThatThrownBy(() -> file.floats(file.find("big").orElseThrow()))
          .hasMessageContaining("too many");
    }
  }

  private void open(byte[] bytes) {
    GgufFile.open(write(bytes)).close();
  }

  private Path write(byte[] bytes) {
    return Golden.write(folder.resolve("broken.gguf"), bytes);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) value;
    return copy;
  }
}
