package org.tokapu.model.source;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokapu.model.convert.GgufExport;
import org.tokapu.model.convert.Progress;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.quant.mix.ImportanceMatrix;
import org.tokapu.tensor.quant.mix.QuantMix;

/// Conversions as tests want them.
final class Conversions {
  private Conversions() {}

  static void toGguf(Path from, Path to) {
    try (ModelSource source = ModelSources.open(from)) {
      new GgufExport(source, Parallel.single(), Progress.NONE).write(to);
    }
  }

  static void quantize(Path from, Path to, String mix, @Nullable ImportanceMatrix importance) {
    try (ModelSource source = ModelSources.open(from)) {
      new GgufExport(source, Parallel.single(), Progress.NONE)
          .quantize(QuantMix.byName(mix).orElseThrow(), importance)
          .write(to);
    }
  }
}
