package org.tokapu.model;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokapu.tensor.RopeTable;

/// A family of models: its names in files, the names of its parameters, and how to build it.
///
/// One file each, listed in `Architectures`.
public interface Architecture {
  /// Returns GGUF's `general.architecture`.
  String name();

  /// Returns the values of `model_type` in Hugging Face's config.json.
  Set<String> modelTypes();

  /// Returns the names of hyperparameters: GGUF's (without the family's prefix) to the key of
  /// config.json.
  Map<String, String> configKeys();

  /// Returns the parameters' names in both kinds of files.
  List<ParameterName> parameterNames();

  /// Returns where GGUF files of this family put the two elements of a rotary pair.
  RopeTable.Layout ggufRopeLayout();

  /// Returns whether the output matrix is the embedding table where config.json does not say.
  default boolean tiedByDefault() {
    return false;
  }

  /// Returns the name of the class in transformers, for config.json of converted models.
  default String className(String modelType) {
    return Character.toUpperCase(modelType.charAt(0)) + modelType.substring(1) + "ForCausalLM";
  }

  /// Builds the model over the weights of a file, which stay mapped where they are.
  ///
  /// @param arena owns what is computed here (rotary tables, decoded norms); must live as long as
  ///   the model
  /// @param context the longest sequence that will be run
  Transformer load(Hyperparameters hyperparameters, WeightSource weights, Arena arena, int context);
}
