package org.tokapu.model.source;

import java.nio.file.Path;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.WeightSource;

/// What every kind of model file gives.
///
/// @param path the path it was opened from
/// @param kind what kind of file it is, for people: "GGUF v3", "safetensors", "llama2.c"
/// @param architecture the family
/// @param hyperparameters the sizes and constants
/// @param weights the parameters; borrows the mapping of its source
public record ModelParts(
    Path path,
    String kind,
    Architecture architecture,
    Hyperparameters hyperparameters,
    WeightSource weights) {}
