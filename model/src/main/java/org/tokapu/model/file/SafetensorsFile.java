package org.tokapu.model.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;

/// An open safetensors file, or all shards of a folder, mapped into memory.
///
/// The format ([specification](https://github.com/huggingface/safetensors#format)):
///
/// | what | bytes |
/// |---|---|
/// | header length | u64, little-endian, at most 100,000,000 |
/// | header | a JSON object, `{` first, spaces may follow: name -> `{"dtype", "shape", "data_offsets": [begin, end]}`, and `__metadata__` of strings |
/// | data | the tensors, row-major, little-endian; they cover it without holes or overlaps |
///
/// A sharded model is a folder with `model.safetensors.index.json`, whose `weight_map` says which
/// file holds which tensor. Owns the mapping: tensors are gone after [#close]. Thread-safe.
public final class SafetensorsFile implements AutoCloseable {
  private final Arena arena;
  private final String file;
  private final List<MemorySegment> parts;
  private final Map<String, String> metadata;
  private final Map<String, SafetensorsTensor> tensors;
  private final Map<SafetensorsTensor, MemorySegment> aligned = new ConcurrentHashMap<>();

  private SafetensorsFile(Arena arena, Path opened, List<Path> shards) {
    this.arena = arena;
    this.file = opened.toString();
    List<MemorySegment> mapped = new ArrayList<>();
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, SafetensorsTensor> all = new LinkedHashMap<>();
    for (Path shard : shards) {
      MemorySegment data = MappedFile.map(shard, arena);
      SafetensorsParser.Contents contents =
          new SafetensorsParser(data, shard.toString(), mapped.size()).parse();
      mapped.add(data);
      contents.metadata().forEach(fields::putIfAbsent);
      for (SafetensorsTensor tensor : contents.tensors()) {
        if (all.put(tensor.name(), tensor) != null) {
          throw new ModelFormatException(
              shard.toString(), tensor.name(), "is in another shard of the model too");
        }
      }
    }
    this.parts = List.copyOf(mapped);
    this.metadata = Collections.unmodifiableMap(fields);
    this.tensors = Collections.unmodifiableMap(all);
  }

  /// Maps a file, or all shards of a folder or of an index file.
  ///
  /// Of a folder: `model.safetensors`, else the shards of `model.safetensors.index.json`, else the
  /// one safetensors file in it.
  ///
  /// @throws ModelFormatException if a file is not what it claims, or a shard is missing
  /// @throws TokapuException if there is nothing to read
  public static SafetensorsFile open(Path path) {
    Path file = Files.isDirectory(path) ? inFolder(path) : path;
    boolean sharded = file.toString().endsWith(SafetensorsIndex.SUFFIX);
    Optional<SafetensorsIndex> index =
        sharded ? Optional.of(SafetensorsIndex.read(file)) : Optional.empty();
    List<Path> shards = index.map(SafetensorsIndex::shards).orElse(List.of(file));
    Arena arena = Arena.ofShared();
    try {
      SafetensorsFile opened = new SafetensorsFile(arena, path, shards);
      index.ifPresent(i -> i.check(opened.tensors));
      return opened;
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static Path inFolder(Path folder) {
    for (String name : List.of("model.safetensors", "model" + SafetensorsIndex.SUFFIX)) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
      if (found.size() == 1) {
        return found.getFirst();
      }
      throw new TokapuException(
          found.isEmpty()
              ? folder + " has no model.safetensors and no model.safetensors.index.json"
              : folder + " has several safetensors files and no index; name one of " + found);
    } catch (IOException | UncheckedIOException e) {
      throw new TokapuException("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  /// Returns what was opened, for messages.
  public String file() {
    return file;
  }

  /// Returns the `__metadata__` of the files; of shards, the first to name a key wins.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// Returns all tensors in file order.
  public List<SafetensorsTensor> tensors() {
    return List.copyOf(tensors.values());
  }

  /// Returns the tensor of this name.
  public Optional<SafetensorsTensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /// Returns a tensor's bytes, read-only, aligned to its numbers: where they are mapped, or, where
  /// an old file has them at an odd place, as a copy that lives as long as this file.
  public MemorySegment data(SafetensorsTensor tensor) {
    MemorySegment mapped = parts.get(tensor.part()).asSlice(tensor.offset(), tensor.bytes());
    int width = tensor.type().map(SafetensorsType::bytes).orElse(1);
    if (tensor.offset() % width == 0) {
      return mapped;
    }
    return aligned.computeIfAbsent(
        tensor, t -> arena.allocate(t.bytes(), 64).copyFrom(mapped).asReadOnly());
  }

  /// Returns a tensor as float32 on the heap, row-major; other types are rounded.
  ///
  /// @throws ModelFormatException if its type has no numbers that we know, or there are too many
  public float[] floats(SafetensorsTensor tensor) {
    SafetensorsType type = readable(tensor);
    MemorySegment data = parts.get(tensor.part()).asSlice(tensor.offset(), tensor.bytes());
    float[] out = new float[(int) tensor.elements()];
    for (int i = 0; i < out.length; i++) {
      out[i] = type.floatAt(data, i);
    }
    return out;
  }

  /// Returns a tensor of integers or truth values on the heap, row-major.
  ///
  /// @throws ModelFormatException if its type is another, or there are too many
  public long[] longs(SafetensorsTensor tensor) {
    SafetensorsType type = readable(tensor);
    if (type.isFloat()) {
      throw new ModelFormatException(file, tensor.name(), "holds " + type + ", not integers");
    }
    MemorySegment data = parts.get(tensor.part()).asSlice(tensor.offset(), tensor.bytes());
    long[] out = new long[(int) tensor.elements()];
    for (int i = 0; i < out.length; i++) {
      out[i] = type.longAt(data, i);
    }
    return out;
  }

  private SafetensorsType readable(SafetensorsTensor tensor) {
    if (tensor.elements() > Integer.MAX_VALUE - 8) {
      throw new ModelFormatException(
          file, tensor.name(), "has " + tensor.elements() + " numbers, too many for one array");
    }
    return tensor
        .type()
        .orElseThrow(() ->
            new ModelFormatException(
                file,
                tensor.name(),
                "has the dtype "
                    + tensor.dtype()
                    + ", which cannot be read as numbers; convert it to BF16"));
  }

  @Override
  public void close() {
    arena.close();
  }
}
