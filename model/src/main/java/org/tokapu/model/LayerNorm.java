package org.tokapu.model;

import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.Tensor;

/// The parameters of a layer norm: `(x - mean) / sqrt(variance + eps) * gain + bias`.
///
/// @param gain `[1, dim]`
/// @param bias `[1, dim]`, if there is one
public record LayerNorm(Tensor gain, @Nullable Tensor bias, float eps) {}
