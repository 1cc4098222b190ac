package org.tokapu.tensor.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.testkit.TestData;

/// A model in several formats, written and read by llama.cpp, against our codecs.
class QuantReferenceTests {
  /// Ours may be this much worse: the search is the same, sums differ in the last bits.
  private static final double SLACK = 1.02;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q2_K", "Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K",
        "IQ4_NL"
      })
  void decodesBitForBit(String type) {
    Path file = reference("llama256-" + type + ".gguf");
    Map<String, float[]> expected =
        SafetensorsFloats.read(reference("llama256-" + type + ".expected.safetensors"));
    try (Arena arena = Arena.ofConfined()) {
      Map<String, GgufTensors.Entry> tensors = GgufTensors.read(file, arena);
      int compared = 0;
      for (Map.Entry<String, float[]> e : expected.entrySet()) {
        if (e.getKey().startsWith("w.")) {
          float[] decoded = tensors.get(e.getKey().substring(2)).decode();
          assertThat(decoded).as(e.getKey()).isEqualTo(e.getValue());
          compared++;
        }
      }
      assertThat(compared).isEqualTo(6);
    }
  }

  /// Sums over all tensors of one format in a file.
  private static final class Errors {
    double ours;
    double theirs;
    long equalBytes;
    long bytes;

    @Override
    public String toString() {
      return "rmse ratio %.5f, equal bytes %.3f %%"
          .formatted(Math.sqrt(ours / theirs), 100.0 * equalBytes / bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q2_K", "Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K"
      })
  void encodesAsWellAsLlamaCpp(String type) {
    Map<String, Errors> errors = compare(type, Map.of());
    System.out.println(type + " " + errors);
    errors.forEach(
        (format, e) -> assertThat(e.ours).as(format).isLessThanOrEqualTo(SLACK * SLACK * e.theirs));
  }

  private static Map<String, Errors> compare(String type, Map<String, float[]> importance) {
    Map<String, Errors> errors = new TreeMap<>();
    try (Arena arena = Arena.ofConfined()) {
      Map<String, GgufTensors.Entry> exact =
          GgufTensors.read(reference("llama256-F32.gguf"), arena);
      for (GgufTensors.Entry theirs :
          GgufTensors.read(reference("llama256-" + type + ".gguf"), arena).values()) {
        if (!theirs.format().equals(F32.FORMAT)) {
          GgufTensors.Entry source = exact.get(theirs.name());
          Errors e = errors.computeIfAbsent(theirs.format().name(), n -> new Errors());
          add(source.decode(), theirs, importance.get(theirs.name()), e);
        }
      }
    }
    return errors;
  }

  private static void add(
      float[] source, GgufTensors.Entry theirs, float[] importance, Errors errors) {
    byte[] bytes = new byte[(int) theirs.data().byteSize()];
    MemorySegment ours = MemorySegment.ofArray(bytes);
    int cols = theirs.cols();
    long rowBytes = theirs.format().bytes(cols);
    for (int row = 0; row < theirs.rows(); row++) {
      theirs.format().encode(source, row * cols, cols, importance, 0, ours, row * rowBytes);
    }
    float[] decoded = new float[source.length];
    theirs.format().decode(ours, 0, decoded, 0, decoded.length);
    float[] theirDecoded = theirs.decode();
    for (int i = 0; i < source.length; i++) {
      double weight = importance == null ? 1 : importance[i % cols];
      errors.ours += weight * Math.pow(decoded[i] - source[i], 2);
      errors.theirs += weight * Math.pow(theirDecoded[i] - source[i], 2);
    }
    errors.bytes += bytes.length;
    for (int i = 0; i < bytes.length; i++) {
      errors.equalBytes +=
          bytes[i] == theirs.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) ? 1 : 0;
    }
  }

  private static Path reference(String name) {
    Optional<Path> file = TestData.find("quant/" + name);
    assumeTrue(file.isPresent(), "SKIPPED: reference set absent: quant/" + name);
    return file.get();
  }
}
