package org.tokapu.model.arch;

import java.util.List;
import java.util.Optional;
import org.tokapu.model.Architecture;

/// Every family that we can run, one line each; conformance tests run over this list.
public final class Architectures {
  /// All families.
  public static final List<Architecture> ALL =
      List.of(Llama.ARCHITECTURE, Qwen.QWEN2, Qwen.QWEN3, Gpt2.ARCHITECTURE);

  private Architectures() {}

  /// Returns the family with this `general.architecture`.
  public static Optional<Architecture> byName(String name) {
    return ALL.stream().filter(a -> a.name().equals(name)).findFirst();
  }

  /// Returns the family with this Hugging Face `model_type`.
  public static Optional<Architecture> byModelType(String type) {
    return ALL.stream().filter(a -> a.modelTypes().contains(type)).findFirst();
  }

  /// Returns the names of all families, for messages.
  public static List<String> names() {
    return ALL.stream().map(Architecture::name).toList();
  }
}
