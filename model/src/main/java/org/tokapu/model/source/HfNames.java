package org.tokapu.model.source;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokapu.model.Architecture;
import org.tokapu.model.ParameterName;
import org.tokapu.tensor.Weight;

/// Finds Hugging Face's tensors by GGUF's names.
///
/// A checkpoint of the bare model lacks the first part of each name (`h.0.attn` for
/// `transformer.h.0.attn`, `layers.0` for `model.layers.0`); both are found. Matrices stored
/// `[in, out]` are transposed into memory of our own at their first use.
final class HfNames {
  private record Place(String tensor, ParameterName.Form form) {}

  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<String, Weight.Stored> transposed = new HashMap<>();
  private final Function<String, Weight.@Nullable Stored> tensors;
  private final Arena arena;

  /// @param names all tensors of the checkpoint
  /// @param tied whether the output matrix is the embedding table, whatever else is in the file
  /// @param tensors returns a tensor as it is stored; vectors as `[1, n]`
  HfNames(
      Architecture family,
      Collection<String> names,
      boolean tied,
      Function<String, Weight.@Nullable Stored> tensors,
      Arena arena) {
    this.tensors = tensors;
    this.arena = arena;
    for (String name : names) {
      for (ParameterName pattern : family.parameterNames()) {
        String gguf = ggufName(pattern, name);
        if (gguf != null && !(tied && gguf.equals("output.weight"))) {
          places.put(gguf, new Place(name, pattern.form()));
        }
      }
    }
  }

  private static @Nullable String ggufName(ParameterName pattern, String name) {
    String gguf = pattern.ggufOf(name);
    if (gguf != null) {
      return gguf;
    }
    String full = pattern.huggingFace();
    String bare = full.substring(full.indexOf('.') + 1);
    return bare.contains(".")
        ? new ParameterName(pattern.gguf(), bare, pattern.form()).ggufOf(name)
        : null;
  }

  /// Returns the GGUF names of all tensors that the family knows.
  Set<String> names() {
    return places.keySet();
  }

  /// Returns the name in the checkpoint of the GGUF tensor `name`, or null.
  @Nullable String tensorOf(String name) {
    Place place = places.get(name);
    return place == null ? null : place.tensor;
  }

  /// Returns how GGUF's matrix differs from this one.
  ParameterName.Form form(String name) {
    Place place = places.get(name);
    return place == null ? ParameterName.Form.SAME : place.form;
  }

  /// Returns the weight of the GGUF name, rows of heads in Hugging Face's order, or null.
  synchronized Weight.@Nullable Stored find(String name) {
    Place place = places.get(name);
    if (place == null) {
      return null;
    }
    if (place.form != ParameterName.Form.TRANSPOSED) {
      return tensors.apply(place.tensor);
    }
    Weight.Stored known = transposed.get(name);
    if (known == null) {
      Weight.Stored stored = tensors.apply(place.tensor);
      if (stored == null) {
        return null;
      }
      known = transpose(stored, arena);
      transposed.put(name, known);
    }
    return known;
  }

  /// Returns a dense matrix transposed, in memory of `arena`.
  static Weight.Stored transpose(Weight.Stored m, Arena arena) {
    int bytes = m.format().blockBytes();
    MemorySegment out = arena.allocate(m.data().byteSize(), 64);
    for (int r = 0; r < m.rows(); r++) {
      for (int c = 0; c < m.cols(); c++) {
        long from = ((long) r * m.cols() + c) * bytes;
        long to = ((long) c * m.rows() + r) * bytes;
        MemorySegment.copy(m.data(), from, out, to, bytes);
      }
    }
    return new Weight.Stored(out, m.format(), m.cols(), m.rows());
  }
}
