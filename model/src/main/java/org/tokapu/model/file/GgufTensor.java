package org.tokapu.model.file;

import java.util.Optional;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.QuantFormats;

/// Where a tensor lies in a GGUF file, and how its numbers are stored.
///
/// @param name the tensor's name
/// @param dims its dimensions, the fastest-running first: a matrix of `rows` rows is `[cols,
///   rows]`; not to be changed
/// @param typeId the `ggml_type` number of its storage format
/// @param part which file of a split model holds it, from 0
/// @param offset where its bytes begin in that file
/// @param bytes how many there are
public record GgufTensor(String name, long[] dims, int typeId, int part, long offset, long bytes) {
  /// Returns how many numbers it holds.
  public long elements() {
    long product = 1;
    for (long dim : dims) {
      product *= dim;
    }
    return product;
  }

  /// Returns the format of its numbers; nothing for the plain integers and F64, which no weight
  /// has.
  public Optional<QuantFormat> format() {
    return QuantFormats.byGgufId(typeId);
  }
}
