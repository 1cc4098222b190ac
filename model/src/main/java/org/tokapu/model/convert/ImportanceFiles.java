package org.tokapu.model.convert;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.tokapu.model.file.GgufFile;
import org.tokapu.model.file.GgufTensor;
import org.tokapu.model.file.ModelFiles;
import org.tokapu.model.file.ModelKind;
import org.tokapu.tensor.quant.mix.ImportanceFile;
import org.tokapu.tensor.quant.mix.ImportanceMatrix;

/// Opens importance matrices of both kinds: GGUF, with the tensors `NAME.in_sum2` and
/// `NAME.counts`, and the older binary file.
public final class ImportanceFiles {
  private static final String SUMS = ".in_sum2";
  private static final String COUNTS = ".counts";

  private ImportanceFiles() {}

  /// Reads a file.
  ///
  /// @throws org.tokapu.base.ModelFormatException if it is no importance matrix
  public static ImportanceMatrix load(Path path) {
    if (ModelFiles.kind(path) != ModelKind.GGUF) {
      return ImportanceFile.load(path);
    }
    Map<String, float[]> sums = new HashMap<>();
    Map<String, float[]> counts = new HashMap<>();
    try (GgufFile file = GgufFile.open(path)) {
      for (GgufTensor tensor : file.tensors()) {
        String name = tensor.name();
        if (name.endsWith(SUMS)) {
          sums.put(name.substring(0, name.length() - SUMS.length()), file.floats(tensor));
        } else if (name.endsWith(COUNTS)) {
          counts.put(name.substring(0, name.length() - COUNTS.length()), file.floats(tensor));
        }
      }
    }
    if (sums.isEmpty()) {
      throw new org.tokapu.base.ModelFormatException(
          path.toString(), "tensors", "none is named *.in_sum2; it is no importance matrix");
    }
    return ImportanceMatrix.of(path.toString(), sums, counts);
  }
}
