package org.tokapu.model.file;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.JsonObject;

/// The index of a sharded safetensors model: which file holds which tensor.
///
/// @param file the index file
/// @param fileOf file names, beside the index, by tensor name
record SafetensorsIndex(Path file, Map<String, String> fileOf) {
  /// How the names of index files end.
  static final String SUFFIX = ".safetensors.index.json";

  static SafetensorsIndex read(Path file) {
    JsonObject map =
        JsonFile.read(file)
            .object("weight_map")
            .orElseThrow(
                () -> new ModelFormatException(file.toString(), "weight_map", "is absent"));
    Map<String, String> fileOf = new LinkedHashMap<>();
    for (String tensor : map.map().keySet()) {
      String name = map.text(tensor).orElse("");
      if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
        throw map.wrong(tensor, "should name a safetensors file in the same folder, is " + name);
      }
      fileOf.put(tensor, name);
    }
    if (fileOf.isEmpty()) {
      throw new ModelFormatException(file.toString(), "weight_map", "names no tensors");
    }
    return new SafetensorsIndex(file, fileOf);
  }

  /// Returns the shards, sorted by name.
  List<Path> shards() {
    return fileOf.values().stream().distinct().sorted().map(file::resolveSibling).toList();
  }

  /// Checks that each tensor is where the index says.
  void check(Map<String, SafetensorsTensor> tensors) {
    List<Path> shards = shards();
    fileOf.forEach((name, shard) -> {
      SafetensorsTensor tensor = tensors.get(name);
      if (tensor == null || !shards.get(tensor.part()).endsWith(shard)) {
        throw new ModelFormatException(
            file.toString(), name, "should be in " + shard + ", but is not; fetch it again");
      }
    });
  }
}
