package org.tokapu.tensor.quant;

import java.util.List;
import java.util.Optional;
import org.tokapu.tensor.QuantFormat;

/// Every format that we can read, one line each; tests run over this list.
public final class QuantFormats {
  /// All formats.
  public static final List<QuantFormat> ALL = List.of(F32.FORMAT);

  private QuantFormats() {}

  /// Returns the format with this `ggml_type` number.
  public static Optional<QuantFormat> byGgufId(int id) {
    return ALL.stream().filter(f -> f.ggufId() == id).findFirst();
  }

  /// Returns the format of this name, in any case.
  public static Optional<QuantFormat> byName(String name) {
    return ALL.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
  }
}
