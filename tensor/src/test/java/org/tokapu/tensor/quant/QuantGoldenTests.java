package org.tokapu.tensor.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.testkit.TestData;

/// Bytes to floats and floats to bytes against figures of gguf-py and llama.cpp's C reference.
class QuantGoldenTests {
  private static final JsonObject GOLDEN = TestData.json("golden/quant.json");

  record Case(String type, byte[] bytes, float[] values) {
    @Override
    public String toString() {
      return type;
    }

    QuantFormat format() {
      return QuantFormats.byName(type).orElseThrow();
    }
  }

  static Stream<Case> dequantize() {
    return cases("dequantize");
  }

  static Stream<Case> quantize() {
    return cases("quantize");
  }

  private static Stream<Case> cases(String key) {
    return GOLDEN.list(key).stream()
        .map(c -> JsonObject.of(c, "quant.json", key))
        .map(c ->
            new Case(
                c.text("type").orElseThrow(),
                HexFormat.of().parseHex(c.text("bytes").orElseThrow()),
                floats(HexFormat.of().parseHex(c.text("values_f32le").orElseThrow()))));
  }

  private static float[] floats(byte[] bytes) {
    float[] out = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
    return out;
  }

  @Test
  void coversEveryFormat() {
    Set<String> golden = dequantize().map(Case::type).collect(Collectors.toSet());
    assertThat(QuantFormats.ALL)
        .allMatch(f -> f.equals(F32.FORMAT) || golden.contains(f.name()))
        .hasSize(golden.size() + 1);
  }

  @ParameterizedTest
  @MethodSource
  void dequantize(Case c) {
    float[] out = new float[c.values.length + 2];
    // An odd offset: files promise no alignment of rows.
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(c.bytes.length + 3);
      MemorySegment.copy(c.bytes, 0, source, ValueLayout.JAVA_BYTE, 3, c.bytes.length);
      c.format().decode(source, 3, out, 1, c.values.length);
    }
    for (int i = 0; i < c.values.length; i++) {
      // By value, so that -0 equals +0, but NaN must meet NaN.
      if (out[i + 1] != c.values[i]) {
        assertThat(out[i + 1]).as("value %d", i).isEqualTo(c.values[i]);
      }
    }
    assertThat(out[0]).isZero();
    assertThat(out[out.length - 1]).isZero();
  }

  @ParameterizedTest
  @MethodSource
  void quantize(Case c) {
    byte[] out = new byte[c.bytes.length];
    c.format().encode(c.values, 0, c.values.length, null, 0, MemorySegment.ofArray(out), 0);
    assertThat(HexFormat.of().formatHex(out)).isEqualTo(HexFormat.of().formatHex(c.bytes));
  }
}
