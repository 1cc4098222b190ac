package org.tokapu.tensor.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the processor says of itself, in plain words; for people to read, not for decisions.
///
/// Read from `/proc/cpuinfo` where there is one (Linux); elsewhere only the architecture is known.
///
/// @param name the processor's name, or its architecture
/// @param cores threads that the system runs at once
/// @param features what matters for arithmetic, in plain words, the widest first
public record CpuFeatures(String name, int cores, List<String> features) {
  private static final Map<String, String> WORDS = words();

  private static Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("amx_tile", "AMX tiles");
    words.put("amx_bf16", "AMX bfloat16");
    words.put("amx_int8", "AMX int8");
    words.put("avx512f", "512-bit vectors (AVX-512)");
    words.put("avx512_vnni", "int8 dot products (AVX-512 VNNI)");
    words.put("avx512_bf16", "bfloat16 dot products (AVX-512 BF16)");
    words.put("avx_vnni", "int8 dot products (AVX VNNI)");
    words.put("avx2", "256-bit vectors (AVX2)");
    words.put("fma", "fused multiply-add");
    words.put("f16c", "half-precision conversion");
    words.put("sve2", "scalable vectors (SVE2)");
    words.put("sve", "scalable vectors (SVE)");
    words.put("i8mm", "int8 matrix products");
    words.put("asimddp", "int8 dot products");
    words.put("asimd", "128-bit vectors (NEON)");
    return words;
  }

  /// Makes the list unmodifiable.
  public CpuFeatures {
    features = List.copyOf(features);
  }

  /// Reads what this machine says.
  public static CpuFeatures read() {
    Path file = Path.of("/proc/cpuinfo");
    try {
      if (Files.isReadable(file)) {
        return parse(Files.readAllLines(file));
      }
    } catch (IOException e) {
      // Without the file, only the architecture is known.
      return parse(List.of());
    }
    return parse(List.of());
  }

  /// Reads the lines of `/proc/cpuinfo`, of the first processor.
  static CpuFeatures parse(List<String> lines) {
    String name =
        field(lines, "model name")
            .or(() -> field(lines, "CPU part").map(part -> "ARM part " + part))
            .orElse(System.getProperty("os.arch", "unknown"));
    String flags = field(lines, "flags").or(() -> field(lines, "Features")).orElse("");
    Set<String> present = Set.copyOf(Arrays.asList(flags.split(" ")).stream().distinct().toList());
    List<String> features = new ArrayList<>();
    WORDS.forEach((flag, words) -> {
      if (present.contains(flag) && !features.contains(words)) {
        features.add(words);
      }
    });
    return new CpuFeatures(name, Runtime.getRuntime().availableProcessors(), features);
  }

  private static Optional<String> field(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  @Override
  public String toString() {
    String list = features.isEmpty() ? "no known features" : String.join(", ", features);
    return "%s, %d cores: %s".formatted(name, cores, list);
  }
}
