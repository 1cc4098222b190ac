package org.tokapu.model.convert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.ParameterName;
import org.tokapu.model.source.HfSource;
import org.tokapu.model.source.ModelSource;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Weight;

/// Lists the parameters of a source, with the order of rows that the target wants.
final class Parameters {
  /// Buffers that old checkpoints carry and that follow from the configuration.
  private static final List<String> BUFFERS =
      List.of("rotary_emb.inv_freq", ".attn.bias", ".attn.masked_bias");

  private final ModelSource source;
  private final Architecture family;
  private final int heads;
  private final int kvHeads;
  private final int headDim;

  private Parameters(ModelSource source) {
    this.source = source;
    family = source.architecture();
    Hyperparameters h = source.hyperparameters();
    heads = h.size("attention.head_count");
    kvHeads = h.size("attention.head_count_kv", heads);
    headDim = h.size("attention.key_length", h.size("embedding_length") / heads);
  }

  /// Returns all parameters of `source` in file order.
  ///
  /// @param target where the target puts rotary pairs
  /// @throws ModelFormatException if the source has a tensor that the family does not know, which a
  ///   conversion would lose
  static List<Parameter> of(ModelSource source, RopeTable.Layout target) {
    return new Parameters(source).list(target);
  }

  private List<Parameter> list(RopeTable.Layout target) {
    if (source instanceof HfSource hf) {
      requireKnown(hf);
    }
    List<Parameter> out = new ArrayList<>();
    for (String name : source.weights().names()) {
      Weight.Stored weight = source.weights().stored(name).orElseThrow();
      out.add(new Parameter(name, weight, order(name, target)));
    }
    return out;
  }

  private void requireKnown(HfSource hf) {
    Map<String, String> known = new HashMap<>();
    for (String name : hf.weights().names()) {
      known.put(hf.tensorOf(name), name);
    }
    hf.file()
        .tensors()
        .forEach(t -> {
          boolean buffer = BUFFERS.stream().anyMatch(t.name()::endsWith);
          boolean tied = t.name().equals("lm_head.weight");
          if (!buffer && !tied && !known.containsKey(t.name())) {
            throw new ModelFormatException(
                hf.path().toString(),
                t.name(),
                "is not a parameter of the family %s; converting would lose it"
                    .formatted(family.name()));
          }
        });
  }

  private int @Nullable [] order(String name, RopeTable.Layout target) {
    if (source.weights().ropeLayout() == target) {
      return null;
    }
    return switch (form(name)) {
      case QUERY_ROWS -> rows(heads, target);
      case KEY_ROWS -> rows(kvHeads, target);
      case SAME, TRANSPOSED -> null;
    };
  }

  private int[] rows(int count, RopeTable.Layout target) {
    return target == RopeTable.Layout.INTERLEAVED
        ? HeadRows.toInterleaved(count, headDim)
        : HeadRows.toHalves(count, headDim);
  }

  private ParameterName.Form form(String name) {
    return family.parameterNames().stream()
        .filter(p -> p.huggingFaceOf(name) != null)
        .map(ParameterName::form)
        .findFirst()
        .orElse(ParameterName.Form.SAME);
  }
}
