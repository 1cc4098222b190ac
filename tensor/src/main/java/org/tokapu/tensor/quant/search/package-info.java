/// Searches for the scales of quantized blocks: each class solves one small weighted least-squares
/// problem over integer levels, by trying scales around the obvious one.
///
/// The problems and the ranges of candidates are those of llama.cpp's quantizers (Kawrakow's
/// K-quants and i-quants), so that files come out as good as theirs. Sums are in double: an error
/// can then be computed from moments (`Σw`, `Σwx`, `Σwq`, ...) without a second pass over the
/// weights. Instances own their scratch memory: one thread only. Inputs are finite (the codecs see
/// to that). Not exported.
package org.tokapu.tensor.quant.search;
