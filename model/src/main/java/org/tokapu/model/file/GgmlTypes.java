package org.tokapu.model.file;

import java.util.Optional;
import org.tokapu.base.ModelFormatException;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.QuantFormats;

/// Sizes of the tensor types that a GGUF file may name: the formats of [QuantFormats], and the
/// plain numbers that no weight uses.
final class GgmlTypes {
  private GgmlTypes() {}

  /// How many bytes a block of how many numbers takes.
  record Block(int numbers, int bytes) {}

  /// Returns the layout of the type with this number.
  ///
  /// @throws ModelFormatException if we do not know it, naming `file`, `tensor` and the type
  static Block block(int id, String file, String tensor) {
    Optional<QuantFormat> format = QuantFormats.byGgufId(id);
    if (format.isPresent()) {
      return new Block(format.get().blockSize(), format.get().blockBytes());
    }
    return switch (id) {
      case 24 -> new Block(1, 1); // I8
      case 25 -> new Block(1, 2); // I16
      case 26 -> new Block(1, 4); // I32
      case 27, 28 -> new Block(1, 8); // I64, F64
      case 4, 5, 31, 32, 33, 36, 37, 38 ->
          throw new ModelFormatException(
              file,
              tensor,
              "has ggml type "
                  + id
                  + ", which was removed from GGUF; quantize the model anew from its F16 file");
      default ->
          throw new ModelFormatException(
              file,
              tensor,
              "has ggml type "
                  + id
                  + ", which this version cannot read; use a file in another format, "
                  + "such as Q8_0 or Q4_K_M");
    };
  }
}
