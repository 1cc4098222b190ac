package org.tokapu.tensor.quant;

import java.util.List;
import java.util.Optional;
import org.tokapu.tensor.QuantFormat;

/// Every format that we can read, one line each; tests run over this list.
public final class QuantFormats {
  /// All formats.
  public static final List<QuantFormat> ALL =
      List.of(
          F32.FORMAT,
          F16.FORMAT,
          Bf16.FORMAT,
          Q8_0.FORMAT,
          Q4_0.FORMAT,
          Q4_1.FORMAT,
          Q5_0.FORMAT,
          Q5_1.FORMAT,
          Q2K.FORMAT,
          Q3K.FORMAT,
          Q4K.FORMAT,
          Q5K.FORMAT,
          Q6K.FORMAT,
          Iq4Nl.FORMAT,
          Iq4Xs.FORMAT,
          Iq2Xxs.FORMAT,
          Iq2Xs.FORMAT,
          Iq2S.FORMAT,
          Iq3Xxs.FORMAT,
          Iq3S.FORMAT,
          Iq1S.FORMAT,
          Iq1M.FORMAT,
          Tq1_0.FORMAT,
          Tq2_0.FORMAT,
          Mxfp4.FORMAT);

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
