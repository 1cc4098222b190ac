package org.tokapu.model.arch;

import static org.tokapu.model.ParameterName.Form.KEY_ROWS;
import static org.tokapu.model.ParameterName.Form.QUERY_ROWS;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.Linear;
import org.tokapu.model.Ops;
import org.tokapu.model.ParameterName;
import org.tokapu.model.Rope;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.Transformer;
import org.tokapu.model.WeightSource;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// LLaMA 1, 2 and 3, Mistral, and what descends from them: pre-norm, rotary positions, grouped-query
/// attention, SwiGLU.
///
/// Biases, tied embeddings, a norm per query and key head and a sliding window are there when the
/// file has them. Sources: LLaMA (arXiv 2302.13971), LLaMA 2 (2307.09288), LLaMA 3 (2407.21783),
/// Mistral (2310.06825).
public final class Llama implements Transformer {
  /// The family.
  public static final Architecture ARCHITECTURE = new Family();

  /// Names of hyperparameters that the whole family shares.
  static final Map<String, String> CONFIG_KEYS =
      Map.ofEntries(
          Map.entry("context_length", "max_position_embeddings"),
          Map.entry("embedding_length", "hidden_size"),
          Map.entry("block_count", "num_hidden_layers"),
          Map.entry("feed_forward_length", "intermediate_size"),
          Map.entry("attention.head_count", "num_attention_heads"),
          Map.entry("attention.head_count_kv", "num_key_value_heads"),
          Map.entry("attention.key_length", "head_dim"),
          Map.entry("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
          Map.entry("attention.sliding_window", "sliding_window"),
          Map.entry("vocab_size", "vocab_size"));

  private record Layer(
      Tensor attnNorm,
      Linear q,
      Linear k,
      Linear v,
      @Nullable Tensor qNorm,
      @Nullable Tensor kNorm,
      Linear o,
      AttentionSpec attention,
      Tensor ffnNorm,
      Linear gate,
      Linear up,
      Linear down) {}

  private final Shape shape;
  private final float eps;
  private final RopeTable rope;
  private final Weight.Stored embedding;
  private final List<Layer> layers = new ArrayList<>();
  private final Tensor finalNorm;
  private final Linear head;

  /// Takes every parameter from `w`; see [Architecture#load].
  Llama(Hyperparameters h, WeightSource w, Arena arena, int context) {
    int dim = h.size("embedding_length");
    int heads = h.size("attention.head_count");
    int headDim = h.size("attention.key_length", dim / heads);
    int vocabulary = w.rows("token_embd.weight");
    shape =
        new Shape(
            vocabulary,
            dim,
            h.size("block_count"),
            heads,
            h.size("attention.head_count_kv", heads),
            headDim,
            h.size("context_length"),
            Integer.MAX_VALUE);
    eps = (float) h.requiredNumber("attention.layer_norm_rms_epsilon");
    int rotated = h.size("rope.dimension_count", headDim);
    Tensor factors = w.findVector("rope_freqs.weight", rotated / 2).orElse(null);
    rope = Rope.table(h, rotated, factors, w.ropeLayout(), arena, context);
    embedding = w.weight("token_embd.weight", vocabulary, dim);
    for (int i = 0; i < shape.layers(); i++) {
      layers.add(layer(h, w, i));
    }
    finalNorm = w.vector("output_norm.weight", dim);
    head = new Linear(w.find("output.weight", vocabulary, dim).orElse(embedding), null);
  }

  private Layer layer(Hyperparameters h, WeightSource w, int i) {
    String p = "blk." + i + ".";
    int dim = shape.dim();
    int hidden = h.size("feed_forward_length");
    int q = shape.heads() * shape.headDim();
    int kv = shape.kvHeads() * shape.headDim();
    return new Layer(
        w.vector(p + "attn_norm.weight", dim),
        w.linear(p + "attn_q", q, dim),
        w.linear(p + "attn_k", kv, dim),
        w.linear(p + "attn_v", kv, dim),
        w.findVector(p + "attn_q_norm.weight", shape.headDim()).orElse(null),
        w.findVector(p + "attn_k_norm.weight", shape.headDim()).orElse(null),
        w.linear(p + "attn_output", dim, q),
        attention(h, i),
        w.vector(p + "ffn_norm.weight", dim),
        w.linear(p + "ffn_gate", hidden, dim),
        w.linear(p + "ffn_up", hidden, dim),
        w.linear(p + "ffn_down", dim, hidden));
  }

  /// A window of 0 is none; layers below `attention.full_layers` see everything (Qwen's
  /// `max_window_layers`).
  private AttentionSpec attention(Hyperparameters h, int layer) {
    AttentionSpec full = AttentionSpec.causal(shape.heads(), shape.kvHeads(), shape.headDim());
    int window = h.integer("attention.sliding_window").orElse(0);
    return window <= 0 || layer < h.integer("attention.full_layers").orElse(0)
        ? full
        : full.window(window);
  }

  @Override
  public Tensor forward(Ops ops, TokenBatch batch) {
    Tensor x = ops.embed(embedding, batch);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      int index = i;
      x = ops.block(x, h -> block(ops, h, layer, index, batch));
    }
    return ops.rmsNorm(x, finalNorm, eps);
  }

  private Tensor block(Ops ops, Tensor x, Layer w, int index, TokenBatch batch) {
    List<Tensor> qkv = ops.linears(ops.rmsNorm(x, w.attnNorm, eps), List.of(w.q, w.k, w.v));
    Tensor q = rotate(ops, qkv.get(0), w.qNorm, batch);
    Tensor k = rotate(ops, qkv.get(1), w.kNorm, batch);
    Tensor a = ops.attention(q, k, qkv.get(2), w.attention, batch, index);
    x = ops.add(x, ops.linear(a, w.o));
    List<Tensor> gateUp = ops.linears(ops.rmsNorm(x, w.ffnNorm, eps), List.of(w.gate, w.up));
    return ops.add(x, ops.linear(ops.swiGlu(gateUp.get(0), gateUp.get(1)), w.down));
  }

  private Tensor rotate(Ops ops, Tensor x, @Nullable Tensor headNorm, TokenBatch batch) {
    Tensor normed = headNorm == null ? x : ops.rmsNorm(x, headNorm, eps);
    return ops.rope(normed, shape.headDim(), rope, batch);
  }

  @Override
  public Linear head() {
    return head;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /// Names that LLaMA's descendants share; `query` and `key` say how GGUF reorders their rows.
  static List<ParameterName> parameterNames(ParameterName.Form query, ParameterName.Form key) {
    String g = "blk.{}.";
    String h = "model.layers.{}.";
    return List.of(
        ParameterName.of("token_embd.weight", "model.embed_tokens.weight"),
        ParameterName.of(g + "attn_norm.weight", h + "input_layernorm.weight"),
        ParameterName.of(g + "attn_q.weight", h + "self_attn.q_proj.weight").as(query),
        ParameterName.of(g + "attn_q.bias", h + "self_attn.q_proj.bias").as(query),
        ParameterName.of(g + "attn_k.weight", h + "self_attn.k_proj.weight").as(key),
        ParameterName.of(g + "attn_k.bias", h + "self_attn.k_proj.bias").as(key),
        ParameterName.of(g + "attn_v.weight", h + "self_attn.v_proj.weight"),
        ParameterName.of(g + "attn_v.bias", h + "self_attn.v_proj.bias"),
        ParameterName.of(g + "attn_q_norm.weight", h + "self_attn.q_norm.weight"),
        ParameterName.of(g + "attn_k_norm.weight", h + "self_attn.k_norm.weight"),
        ParameterName.of(g + "attn_output.weight", h + "self_attn.o_proj.weight"),
        ParameterName.of(g + "attn_output.bias", h + "self_attn.o_proj.bias"),
        ParameterName.of(g + "ffn_norm.weight", h + "post_attention_layernorm.weight"),
        ParameterName.of(g + "ffn_gate.weight", h + "mlp.gate_proj.weight"),
        ParameterName.of(g + "ffn_gate.bias", h + "mlp.gate_proj.bias"),
        ParameterName.of(g + "ffn_up.weight", h + "mlp.up_proj.weight"),
        ParameterName.of(g + "ffn_up.bias", h + "mlp.up_proj.bias"),
        ParameterName.of(g + "ffn_down.weight", h + "mlp.down_proj.weight"),
        ParameterName.of(g + "ffn_down.bias", h + "mlp.down_proj.bias"),
        ParameterName.of("output_norm.weight", "model.norm.weight"),
        ParameterName.of("output.weight", "lm_head.weight"));
  }

  private static final class Family implements Architecture {
    @Override
    public String name() {
      return "llama";
    }

    @Override
    public Set<String> modelTypes() {
      return Set.of("llama", "mistral");
    }

    @Override
    public Map<String, String> configKeys() {
      return CONFIG_KEYS;
    }

    @Override
    public List<ParameterName> parameterNames() {
      return Llama.parameterNames(QUERY_ROWS, KEY_ROWS);
    }

    @Override
    public RopeTable.Layout ggufRopeLayout() {
      return RopeTable.Layout.INTERLEAVED;
    }

    @Override
    public Transformer load(Hyperparameters h, WeightSource w, Arena arena, int context) {
      return new Llama(h, w, arena, context);
    }
  }
}
