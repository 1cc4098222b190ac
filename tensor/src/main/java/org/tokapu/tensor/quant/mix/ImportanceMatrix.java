package org.tokapu.tensor.quant.mix;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tokapu.base.ModelFormatException;

/// How much each input of each matrix matters: the mean squared activation it met on some text.
///
/// A quantizer that knows it ([org.tokapu.tensor.QuantFormat#encode]) puts its error where
/// activations are small. llama.cpp's `imatrix` tool makes the files, in two forms: an old binary
/// one that [ImportanceFile] reads, and a GGUF with tensors `NAME.in_sum2` (sums of squares,
/// `[matrices, cols]`) and `NAME.counts` (how many were added, one a matrix), whose contents go
/// through [#of]. Immutable.
public final class ImportanceMatrix {
  private final String source;
  private final Map<String, float[]> means;

  private ImportanceMatrix(String source, Map<String, float[]> means) {
    this.source = source;
    this.means = means;
  }

  /// Divides sums by counts.
  ///
  /// @param source where the numbers come from, for messages
  /// @param inSum2 sums of squares by tensor name, the rows of stacked experts one after another
  /// @param counts one count for each of a tensor's matrices; a matrix that was never used, count
  ///   0, gets 1 everywhere
  /// @throws ModelFormatException if counts are missing or do not divide a tensor's sums, or if a
  ///   number is negative or not finite
  public static ImportanceMatrix of(
      String source, Map<String, float[]> inSum2, Map<String, float[]> counts) {
    Map<String, float[]> means = new HashMap<>();
    inSum2.forEach((name, sums) -> {
      float[] count = counts.get(name);
      if (count == null) {
        throw new ModelFormatException(
            source, name + ".counts", "is missing, but " + name + ".in_sum2 is there");
      }
      means.put(name, means(source, name, sums, count));
    });
    return new ImportanceMatrix(source, means);
  }

  private static float[] means(String source, String name, float[] sums, float[] counts) {
    if (sums.length == 0 || counts.length == 0 || sums.length % counts.length != 0) {
      throw new ModelFormatException(
          source, name, sums.length + " sums do not divide by " + counts.length + " counts");
    }
    int cols = sums.length / counts.length;
    float[] out = new float[sums.length];
    for (int i = 0; i < out.length; i++) {
      float count = counts[i / cols];
      float mean = count == 0 ? 1 : sums[i] / count;
      if (!(count >= 0 && count <= Float.MAX_VALUE && mean >= 0 && mean <= Float.MAX_VALUE)) {
        throw new ModelFormatException(
            source,
            name,
            "sum %s of count %s at %d is not a mean square; make the file anew"
                .formatted(sums[i], count, i));
      }
      out[i] = mean;
    }
    return out;
  }

  /// Returns the names of the tensors it covers.
  public Set<String> names() {
    return Set.copyOf(means.keySet());
  }

  /// Returns the importance of the inputs of a tensor, or nothing if it is not covered.
  ///
  /// @param cols the length of the tensor's rows
  /// @param matrix which of several stacked matrices (an expert), else 0
  /// @return `cols` numbers, the importances of every row of that matrix; a copy
  /// @throws ModelFormatException if the file has another number of inputs: it was made for another
  ///   model
  public Optional<float[]> of(String tensor, int cols, int matrix) {
    float[] all = means.get(tensor);
    if (all == null) {
      return Optional.empty();
    }
    int matrices = cols < 1 ? 0 : all.length / cols;
    if (matrices == 0 || all.length % cols != 0 || matrix < 0 || matrix >= matrices) {
      throw new ModelFormatException(
          source,
          tensor,
          "has %d numbers, but matrix %d with rows of %d is asked for; was it made for another model?"
              .formatted(all.length, matrix, cols));
    }
    float[] out = new float[cols];
    System.arraycopy(all, matrix * cols, out, 0, cols);
    return Optional.of(out);
  }
}
