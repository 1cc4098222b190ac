/// The formats in which parameters are stored, one file each; [QuantFormats] lists them.
///
/// Names, numbers and layouts are those of GGUF (`ggml_type`); each class documents its block byte
/// by byte. All numbers in blocks are little-endian. "Levels" are the whole numbers that weights
/// become; "parts" are the sub-blocks of a super-block of 256.
///
/// | format | bits a weight | in one line |
/// |---|---|---|
/// | F32, F16, BF16 | 32, 16, 16 | floats |
/// | Q8_0, Q5_0, Q4_0 | 8.5, 5.5, 4.5 | 32 levels, a scale |
/// | Q5_1, Q4_1 | 6, 5 | 32 levels, a scale and an offset |
/// | Q6_K, Q3_K | 6.56, 3.44 | 16 parts of 16, scales quantized too |
/// | Q5_K, Q4_K, Q2_K | 5.5, 4.5, 2.63 | parts with scales and minima, quantized too |
/// | IQ4_NL, IQ4_XS | 4.5, 4.25 | levels into a non-linear codebook |
/// | IQ3_S to IQ1_S | 3.44 to 1.56 | points of a lattice; read-only |
/// | TQ2_0, TQ1_0 | 2.06, 1.69 | ternary; read-only |
/// | MXFP4 | 4.25 | four-bit floats with a shared exponent; read-only |
///
/// Decoding is exact: bit for bit what llama.cpp and gguf-py give. Encoding without an importance
/// matrix is exact too for Q8_0 and the Q4 and Q5 formats of one level; the others choose scales by
/// a search (`quant.search`).
package org.tokapu.tensor.quant;
