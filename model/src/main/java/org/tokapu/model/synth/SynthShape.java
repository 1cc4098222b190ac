package org.tokapu.model.synth;

import java.util.List;
import java.util.stream.Collectors;
import org.tokapu.base.TokapuException;

/// The sizes of a LLaMA whose weights are made up.
///
/// @param name what commands call it
/// @param hidden the width of the feed-forward layers
/// @param context the longest sequence, 4,096 or more
/// @param ropeBase the base of the rotary frequencies
public record SynthShape(
    String name,
    int dim,
    int layers,
    int heads,
    int kvHeads,
    int hidden,
    int context,
    double ropeBase) {

  /// All shapes.
  public static final List<SynthShape> ALL =
      List.of(
          new SynthShape("tiny", 256, 4, 8, 4, 768, 4096, 1e4),
          new SynthShape("tinyllama-1.1b", 2048, 22, 32, 4, 5632, 4096, 1e4),
          new SynthShape("llama2-7b", 4096, 32, 32, 32, 11008, 4096, 1e4),
          new SynthShape("llama3-8b", 4096, 32, 32, 8, 14336, 8192, 5e5));

  /// Returns the shape of this name.
  ///
  /// @throws TokapuException if there is none; the message lists them
  public static SynthShape byName(String name) {
    return ALL.stream()
        .filter(s -> s.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new TokapuException(
                "there is no shape '%s'; known: %s"
                    .formatted(
                        name,
                        ALL.stream().map(SynthShape::name).collect(Collectors.joining(", ")))));
  }

  /// Returns the width of a head.
  public int headDim() {
    return dim / heads;
  }
}
