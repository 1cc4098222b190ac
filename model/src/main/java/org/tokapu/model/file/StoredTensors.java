package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;

/// The tensors of a model file of any kind, as they are stored: for looking at a file, whatever
/// family its model may be of.
///
/// Owns the mapping. Thread-safe.
public final class StoredTensors implements AutoCloseable {
  /// A tensor.
  ///
  /// @param name its name in the file
  /// @param shape its dimensions, the fastest-running last: a matrix is `[rows, cols]`; not to be
  ///   changed
  /// @param type how its numbers are stored: `Q4_K`, `BF16`
  /// @param bytes what it takes in the file
  public record Entry(String name, long[] shape, String type, long bytes) {
    /// Returns how many numbers it holds.
    public long elements() {
      long out = 1;
      for (long d : shape) {
        out *= d;
      }
      return out;
    }
  }

  private final Path path;
  private final List<Entry> entries;
  private final Function<String, float[]> floats;
  private final AutoCloseable file;

  private StoredTensors(
      Path path, List<Entry> entries, Function<String, float[]> floats, AutoCloseable file) {
    this.path = path;
    this.entries = List.copyOf(entries);
    this.floats = floats;
    this.file = file;
  }

  /// Opens a GGUF file, safetensors or a llama2.c file.
  ///
  /// @throws ModelFormatException if it is none of these, or broken
  public static StoredTensors open(Path path) {
    return switch (ModelFiles.kind(path)) {
      case GGUF -> ofGguf(path, GgufFile.open(path));
      case SAFETENSORS, SAFETENSORS_FOLDER -> ofSafetensors(path, SafetensorsFile.open(path));
      case LLAMA2C -> ofLlama2c(path, Llama2cFile.open(path));
      default -> throw ModelFiles.unknown(path);
    };
  }

  private static StoredTensors ofGguf(Path path, GgufFile file) {
    List<Entry> entries = new ArrayList<>();
    for (GgufTensor t : file.tensors()) {
      long[] shape = new long[t.dims().length];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = t.dims()[shape.length - 1 - i];
      }
      String type = t.format().map(f -> f.name()).orElse("ggml type " + t.typeId());
      entries.add(new Entry(t.name(), shape, type, t.bytes()));
    }
    return new StoredTensors(
        path, entries, name -> file.floats(file.find(name).orElseThrow()), file);
  }

  private static StoredTensors ofSafetensors(Path path, SafetensorsFile file) {
    List<Entry> entries = new ArrayList<>();
    for (SafetensorsTensor t : file.tensors()) {
      entries.add(new Entry(t.name(), t.shape(), t.dtype(), t.bytes()));
    }
    return new StoredTensors(
        path, entries, name -> file.floats(file.find(name).orElseThrow()), file);
  }

  private static StoredTensors ofLlama2c(Path path, Llama2cFile file) {
    List<Entry> entries = new ArrayList<>();
    for (Llama2cTensor t : file.tensors()) {
      entries.add(new Entry(t.name(), t.shape(), "F32", t.bytes()));
    }
    return new StoredTensors(
        path,
        entries,
        name -> {
          MemorySegment data = file.data(file.find(name).orElseThrow());
          return data.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        },
        file);
  }

  /// Returns all tensors in file order.
  public List<Entry> entries() {
    return entries;
  }

  /// Returns the tensor of this name.
  ///
  /// @throws TokapuException if there is none
  public Entry entry(String name) {
    return entries.stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new TokapuException(
                "%s has no tensor '%s'; 'tokapu inspect --json' lists all %d"
                    .formatted(path, name, entries.size())));
  }

  /// Returns a tensor decoded to float32, row-major.
  ///
  /// @throws TokapuException if there is none
  public float[] floats(String name) {
    return floats.apply(entry(name).name());
  }

  /// Returns how many numbers all tensors hold.
  public long elements() {
    return entries.stream().mapToLong(Entry::elements).sum();
  }

  /// Returns the bytes that all tensors take.
  public long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new TokapuException("cannot close " + path + ": " + e.getMessage(), e);
    }
  }
}
