package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;

/// safetensors files as Python's safetensors wrote them and reads them.
class SafetensorsFileTests {
  @TempDir Path folder;

  @Test
  void everyTypeIsRead() {
    try (SafetensorsFile file = SafetensorsFile.open(Golden.copy("tiny.safetensors", folder))) {
      assertThat(file.metadata()).containsEntry("format", "pt").containsEntry("이름", "값");
      assertThat(file.tensors()).hasSize(14);
      assertThat(floats(file, "f64")).containsExactly(0.1f, -2.5f);
      assertThat(floats(file, "f32")).containsExactly(-0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f);
      assertThat(file.find("f32").orElseThrow().shape()).containsExactly(2, 3);
      // The float16 next to 0.1 and the smallest subnormal, 2^-24.
      assertThat(floats(file, "f16")).containsExactly(0.0999755859375f, -65504, 0x1p-24f);
      assertThat(floats(file, "bf16")).containsExactly(0.10009765625f, -0x1.c4p127f);
      assertThat(longs(file, "i64")).containsExactly(-(1L << 62), 7);
      assertThat(longs(file, "i32")).containsExactly(-5, Integer.MAX_VALUE);
      assertThat(longs(file, "i16")).containsExactly(-300);
      assertThat(longs(file, "i8")).containsExactly(-7, 8, 9);
      assertThat(longs(file, "u8")).containsExactly(200);
      assertThat(floats(file, "bool")).containsExactly(1, 0, 1);
      assertThat(floats(file, "scalar")).containsExactly(3.25f);
      assertThat(file.find("scalar").orElseThrow().shape()).isEmpty();
      assertThat(floats(file, "empty")).isEmpty();
      assertThat(floats(file, "한글")).containsExactly(1);
      assertThat(file.find("f8").orElseThrow().dtype()).isEqualTo("F8_E4M3");
      assertThatThrownBy(() -> floats(file, "f8"))
          .hasMessageContaining("f8: has the dtype F8_E4M3");
      assertThatThrownBy(() -> longs(file, "f32")).hasMessageContaining("not integers");
    }
  }

  static Stream<JsonObject> referenceFiles() {
    String name = "expected-safetensors.json";
    List<?> all = (List<?>) Json.parse(Golden.bytes(name), name);
    return all.stream().map(o -> JsonObject.of(o, name, ""));
  }

  @ParameterizedTest
  @MethodSource("referenceFiles")
  void referenceFilesAreReadAsPythonReadsThem(JsonObject expected) {
    Optional<Path> path = TestData.find(expected.text("file").orElseThrow());
    assumeTrue(path.isPresent(), "SKIPPED: the reference set is absent");
    try (SafetensorsFile file = SafetensorsFile.open(path.get())) {
      assertThat(file.tensors()).hasSize(expected.integer("count").orElseThrow());
      assertThat(file.metadata()).isEqualTo(expected.object("metadata").orElseThrow().map());
      for (Object entry : expected.list("tensors")) {
        List<?> e = (List<?>) entry;
        SafetensorsTensor tensor = file.find((String) e.get(0)).orElseThrow();
        assertThat(tensor.dtype()).isEqualTo(e.get(1));
        assertThat(Arrays.stream(tensor.shape()).boxed().toList()).isEqualTo(e.get(2));
        assertThat(Golden.crc32(file.data(tensor))).isEqualTo(e.get(3));
        float[] values = file.floats(tensor);
        assertThat((double) values[0]).isEqualTo(((Number) e.get(4)).doubleValue());
        assertThat((double) values[values.length - 1]).isEqualTo(((Number) e.get(5)).doubleValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [4] | [0,16] | 16 | nothing
          [4] | [0,12] | 12 | the shape has 4 elements of 4 bytes
          [4] | [0,16] | 15 | truncated
          [4] | [0,16] | 20 | goes on to byte
          [3] | [4,16] | 16 | a hole
          [4] | [16,0] | 16 | begin not after end
          [4] | [0] | 16 | data_offsets
          [-4] | [0,16] | 16 | integers from 0 up
          [4294967296,4294967296,4] | [0,16] | 16 | more than 2^63
          [4611686018427387904] | [0,0] | 0 | elements of 4 bytes
          [1.5] | [0,16] | 16 | integers from 0 up
          """)
  void lyingEntriesAreRefused(String shape, String offsets, int data, String message) {
    String header =
        "{\"t\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}".formatted(shape, offsets);
    byte[] bytes = file(header, data);
    if (message.equals("nothing")) {
      open(bytes);
    } else {
      assertThatThrownBy(() -> open(bytes))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("t")
          .hasMessageContaining(message);
    }
  }

  @Test
  void brokenHeadersAreRefused() {
    assertRefused(file("[]", 0), "does not begin with {");
    assertRefused(file("{\"t\":null}", 0), "t: is null");
    assertRefused(file("{\"t\":{}}", 0), "dtype");
    assertRefused(file("{\"t\":7}", 0), "should be an object");
    assertRefused(file("{ ", 0), "JSON");
    assertRefused(file("{} x", 0), "JSON");
    assertRefused(new byte[] {2, 0}, "header length");
    String one = "\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    assertRefused(file("{" + one + "," + one + "}", 4), "Duplicate");
    assertRefused(file("{" + one + "," + one.replace("\"t\"", "\"u\"") + "}", 4), "overlap");
    byte[] lie = file("{}", 0);
    lie[3] = 127;
    assertRefused(lie, "header length");
    open(file("{}   ", 0));
    open(file("{\"x\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2));
  }

  @Test
  void numbersAtOddPlacesAreAligned() {
    String header = "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    for (String spaces : List.of("", " ", "  ", "   ")) {
      Path path = Golden.write(folder.resolve("odd.safetensors"), file(header + spaces, 8));
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        SafetensorsTensor tensor = file.find("t").orElseThrow();
        assertThat(file.data(tensor).address() % 4).isZero();
        assertThat(file.data(tensor).get(ByteCursor.INT, 4)).isEqualTo(0x07060504);
        assertThat(file.data(tensor).isReadOnly()).isTrue();
      }
    }
  }

  @Test
  void shardsAreOneModel() {
    shard("model-00001-of-00002.safetensors", "a");
    shard("model-00002-of-00002.safetensors", "b");
    index(
        "{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}");
    try (SafetensorsFile file = SafetensorsFile.open(folder)) {
      assertThat(file.tensors()).extracting(SafetensorsTensor::name).containsExactly("a", "b");
      assertThat(file.find("b").orElseThrow().part()).isEqualTo(1);
    }
    index(
        "{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00001-of-00002.safetensors\"}");
    assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("b: should be in");
    index("{\"a\":\"../model.safetensors\"}");
    assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("same folder");
    index("{\"a\":\"model-00009-of-00002.safetensors\"}");
    assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("no file");
    shard("model-00002-of-00002.safetensors", "a");
    index(
        "{\"a\":\"model-00001-of-00002.safetensors\",\"c\":\"model-00002-of-00002.safetensors\"}");
    assertThatThrownBy(() -> SafetensorsFile.open(folder)).hasMessageContaining("another shard");
  }

  private void shard(String name, String tensor) {
    String header = "{\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    Golden.write(folder.resolve(name), file(header.formatted(tensor), 4));
  }

  private void index(String map) {
    Golden.write(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\":%s}".formatted(map).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] file(String header, int data) {
    byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(8 + utf8.length + data).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(utf8.length).put(utf8);
    for (int i = 0; i < data; i++) {
      out.put((byte) i);
    }
    return out.array();
  }

  private void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private void open(byte[] bytes) {
    SafetensorsFile.open(Golden.write(folder.resolve("x.safetensors"), bytes)).close();
  }

  private static float[] floats(SafetensorsFile file, String name) {
    return file.floats(file.find(name).orElseThrow());
  }

  private static long[] longs(SafetensorsFile file, String name) {
    return file.longs(file.find(name).orElseThrow());
  }
}
