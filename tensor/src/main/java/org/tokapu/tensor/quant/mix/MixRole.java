package org.tokapu.tensor.quant.mix;

import java.util.List;

/// What a parameter does in a model, as far as mixtures care.
enum MixRole {
  OUTPUT,
  VALUE,
  KEY,
  DOWN,
  ATTENTION_OUT,
  QKV,
  OTHER;

  /// Parts of names of matrices that are small or too delicate to quantize: norms, routers of
  /// experts, positions and segments, convolutions and mixing vectors of state-space models,
  /// relative position biases.
  private static final List<String> DELICATE =
      List.of(
          "_norm.weight",
          "ffn_gate_inp.weight",
          "position_embd.weight",
          "token_types.weight",
          "ssm_conv1d.weight",
          "time_mix_first.weight",
          "time_mix_w1.weight",
          "time_mix_w2.weight",
          "time_mix_decay_w1.weight",
          "time_mix_decay_w2.weight",
          "time_mix_lerp_fused.weight",
          "attn_rel_b.weight");

  /// Returns whether the parameter takes another format than F32 at all.
  static boolean quantized(MixTensor tensor) {
    String name = tensor.name();
    return tensor.dimensions() >= 2
        && name.endsWith("weight")
        && DELICATE.stream().noneMatch(name::contains);
  }

  /// Returns the role that a name tells.
  ///
  /// @param tied whether the token embedding is the output matrix too
  static MixRole of(String name, boolean tied) {
    if (name.equals("output.weight") || (tied && name.equals("token_embd.weight"))) {
      return OUTPUT;
    }
    if (name.contains("attn_v.weight")) {
      return VALUE;
    }
    if (name.contains("attn_k.weight")) {
      return KEY;
    }
    if (name.contains("ffn_down")) {
      return DOWN;
    }
    if (name.contains("attn_output.weight")) {
      return ATTENTION_OUT;
    }
    return name.contains("attn_qkv.weight") ? QKV : OTHER;
  }
}
