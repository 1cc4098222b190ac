package org.tokapu.model.arch;

import static org.tokapu.model.ParameterName.Form.TRANSPOSED;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.LayerNorm;
import org.tokapu.model.Linear;
import org.tokapu.model.Ops;
import org.tokapu.model.ParameterName;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.Transformer;
import org.tokapu.model.WeightSource;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// GPT-2 and KoGPT2: learned positions, pre-norm with biases, full attention heads, GELU.
///
/// Source: Language Models are Unsupervised Multitask Learners (Radford et al. 2019).
public final class Gpt2 implements Transformer {
  /// The family.
  public static final Architecture ARCHITECTURE = new Family();

  private record Layer(
      LayerNorm attnNorm,
      Linear q,
      Linear k,
      Linear v,
      AttentionSpec attention,
      Linear o,
      LayerNorm ffnNorm,
      Linear up,
      Linear down) {}

  private final Shape shape;
  private final boolean tanh;
  private final Weight.Stored embedding;
  private final Weight.Stored positions;
  private final List<Layer> layers = new ArrayList<>();
  private final LayerNorm finalNorm;
  private final Linear head;

  Gpt2(Hyperparameters h, WeightSource w) {
    int dim = h.size("embedding_length");
    int heads = h.size("attention.head_count");
    int vocabulary = w.rows("token_embd.weight");
    int length = w.rows("position_embd.weight");
    shape =
        new Shape(
            vocabulary, dim, h.size("block_count"), heads, heads, dim / heads, length, length);
    tanh = tanh(h);
    embedding = w.weight("token_embd.weight", vocabulary, dim);
    positions = w.weight("position_embd.weight", length, dim);
    for (int i = 0; i < shape.layers(); i++) {
      layers.add(layer(h, w, i));
    }
    finalNorm = norm(h, w, "output_norm");
    head = new Linear(w.find("output.weight", vocabulary, dim).orElse(embedding), null);
  }

  private static boolean tanh(Hyperparameters h) {
    String activation = h.text("activation_function").orElse("gelu_new");
    return switch (activation) {
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> true;
      case "gelu" -> false;
      default ->
          throw h.wrong(
              "activation_function",
              "\"" + activation + "\" is not supported; supported are gelu_new and gelu");
    };
  }

  private Layer layer(Hyperparameters h, WeightSource w, int i) {
    String p = "blk." + i + ".";
    int dim = shape.dim();
    int hidden = h.size("feed_forward_length", 4 * dim);
    Linear qkv = w.linear(p + "attn_qkv", 3 * dim, dim);
    return new Layer(
        norm(h, w, p + "attn_norm"),
        qkv.rows(0, dim),
        qkv.rows(dim, dim),
        qkv.rows(2 * dim, dim),
        attention(h, i),
        w.linear(p + "attn_output", dim, dim),
        norm(h, w, p + "ffn_norm"),
        w.linear(p + "ffn_up", hidden, dim),
        w.linear(p + "ffn_down", dim, hidden));
  }

  private AttentionSpec attention(Hyperparameters h, int layer) {
    double scale = h.flag("scale_attn_weights", true) ? 1 / Math.sqrt(shape.headDim()) : 1;
    if (h.flag("scale_attn_by_inverse_layer_idx", false)) {
      scale /= layer + 1;
    }
    int heads = shape.heads();
    return new AttentionSpec(
        heads, heads, shape.headDim(), (float) scale, new AttentionSpec.Mask.Causal());
  }

  private LayerNorm norm(Hyperparameters h, WeightSource w, String name) {
    return new LayerNorm(
        w.vector(name + ".weight", shape.dim()),
        w.findVector(name + ".bias", shape.dim()).orElse(null),
        (float) h.number("attention.layer_norm_epsilon", 1e-5));
  }

  @Override
  public Tensor forward(Ops ops, TokenBatch batch) {
    Tensor x = ops.add(ops.embed(embedding, batch), ops.embedPositions(positions, batch));
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      int index = i;
      x = ops.block(x, h -> block(ops, h, layer, index, batch));
    }
    return ops.layerNorm(x, finalNorm);
  }

  private Tensor block(Ops ops, Tensor x, Layer w, int index, TokenBatch batch) {
    List<Tensor> qkv = ops.linears(ops.layerNorm(x, w.attnNorm), List.of(w.q, w.k, w.v));
    Tensor a = ops.attention(qkv.get(0), qkv.get(1), qkv.get(2), w.attention, batch, index);
    x = ops.add(x, ops.linear(a, w.o));
    Tensor up = ops.linear(ops.layerNorm(x, w.ffnNorm), w.up);
    return ops.add(x, ops.linear(ops.gelu(up, tanh), w.down));
  }

  @Override
  public Linear head() {
    return head;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  private static final class Family implements Architecture {
    @Override
    public String name() {
      return "gpt2";
    }

    @Override
    public Set<String> modelTypes() {
      return Set.of("gpt2");
    }

    @Override
    public Map<String, String> configKeys() {
      return Map.ofEntries(
          Map.entry("context_length", "n_positions"),
          Map.entry("embedding_length", "n_embd"),
          Map.entry("block_count", "n_layer"),
          Map.entry("feed_forward_length", "n_inner"),
          Map.entry("attention.head_count", "n_head"),
          Map.entry("attention.layer_norm_epsilon", "layer_norm_epsilon"),
          Map.entry("vocab_size", "vocab_size"),
          Map.entry("activation_function", "activation_function"),
          Map.entry("scale_attn_weights", "scale_attn_weights"),
          Map.entry("scale_attn_by_inverse_layer_idx", "scale_attn_by_inverse_layer_idx"));
    }

    @Override
    public List<ParameterName> parameterNames() {
      String g = "blk.{}.";
      String h = "transformer.h.{}.";
      return List.of(
          ParameterName.of("token_embd.weight", "transformer.wte.weight"),
          ParameterName.of("position_embd.weight", "transformer.wpe.weight"),
          ParameterName.of(g + "attn_norm.weight", h + "ln_1.weight"),
          ParameterName.of(g + "attn_norm.bias", h + "ln_1.bias"),
          ParameterName.of(g + "attn_qkv.weight", h + "attn.c_attn.weight").as(TRANSPOSED),
          ParameterName.of(g + "attn_qkv.bias", h + "attn.c_attn.bias"),
          ParameterName.of(g + "attn_output.weight", h + "attn.c_proj.weight").as(TRANSPOSED),
          ParameterName.of(g + "attn_output.bias", h + "attn.c_proj.bias"),
          ParameterName.of(g + "ffn_norm.weight", h + "ln_2.weight"),
          ParameterName.of(g + "ffn_norm.bias", h + "ln_2.bias"),
          ParameterName.of(g + "ffn_up.weight", h + "mlp.c_fc.weight").as(TRANSPOSED),
          ParameterName.of(g + "ffn_up.bias", h + "mlp.c_fc.bias"),
          ParameterName.of(g + "ffn_down.weight", h + "mlp.c_proj.weight").as(TRANSPOSED),
          ParameterName.of(g + "ffn_down.bias", h + "mlp.c_proj.bias"),
          ParameterName.of("output_norm.weight", "transformer.ln_f.weight"),
          ParameterName.of("output_norm.bias", "transformer.ln_f.bias"),
          ParameterName.of("output.weight", "lm_head.weight"));
    }

    @Override
    public RopeTable.Layout ggufRopeLayout() {
      return RopeTable.Layout.HALVES; // unused: positions are learned
    }

    @Override
    public boolean tiedByDefault() {
      return true;
    }

    @Override
    public String className(String modelType) {
      return "GPT2LMHeadModel";
    }

    @Override
    public Transformer load(Hyperparameters h, WeightSource w, Arena arena, int context) {
      return new Gpt2(h, w);
    }
  }
}
