package org.tokapu.model.arch;

import static org.tokapu.model.ParameterName.Form.SAME;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.ParameterName;
import org.tokapu.model.Transformer;
import org.tokapu.model.WeightSource;
import org.tokapu.tensor.RopeTable;

/// Qwen2 and Qwen3: LLaMA's block with biases on q, k and v (Qwen2), or with a norm on each query and
/// key head instead (Qwen3).
///
/// GGUF files keep Hugging Face's order of rows. Sources: Qwen2 (arXiv 2407.10671), Qwen3
/// (2505.09388).
///
/// @param name GGUF's name, and Hugging Face's
public record Qwen(String name) implements Architecture {
  /// Qwen2 and Qwen2.5.
  public static final Architecture QWEN2 = new Qwen("qwen2");

  /// Qwen3, dense.
  public static final Architecture QWEN3 = new Qwen("qwen3");

  @Override
  public Set<String> modelTypes() {
    return Set.of(name);
  }

  @Override
  public Map<String, String> configKeys() {
    Map<String, String> keys = new HashMap<>(Llama.CONFIG_KEYS);
    keys.put("attention.full_layers", "max_window_layers");
    return keys;
  }

  @Override
  public List<ParameterName> parameterNames() {
    return Llama.parameterNames(SAME, SAME);
  }

  @Override
  public RopeTable.Layout ggufRopeLayout() {
    return RopeTable.Layout.HALVES;
  }

  @Override
  public Transformer load(Hyperparameters h, WeightSource w, Arena arena, int context) {
    return new Llama(h, w, arena, context);
  }
}
