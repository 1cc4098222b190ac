package org.tokapu.tensor.vector;

/// How exactly products with quantized weights are computed.
public enum Precision {
  /// Activations stay float32: the result is that of the dequantized weights, up to the order of
  /// float32 sums.
  EXACT,
  /// Activations are rounded to int8 in blocks of 32 where the weights have a fast integer form;
  /// that adds an error of about one percent of the length of the weight row times that of the
  /// input, far below that of four-bit weights. Weights in F32, F16 and BF16 are not affected.
  FAST
}
