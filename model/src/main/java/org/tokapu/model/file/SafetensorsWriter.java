package org.tokapu.model.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.tokapu.base.AtomicFile;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;

/// Collects tensors and writes them as one safetensors file or as a folder of shards, which
/// [SafetensorsFile] describes.
///
/// Tensors are produced while the file is written. Within a file they are stored by the size of
/// their numbers, widest first, so that all are aligned; the header is padded to 8 bytes. Not
/// thread-safe.
///
/// ```java
/// new SafetensorsWriter()
///     .floats("logits", new long[] {tokens, vocabulary}, logits)
///     .write(Path.of("logits.safetensors"));
/// ```
public final class SafetensorsWriter {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model" + SafetensorsIndex.SUFFIX;

  private final Map<String, String> metadata = new TreeMap<>();
  private final Map<String, Entry> tensors = new LinkedHashMap<>();

  private record Entry(
      String name, SafetensorsType type, long[] shape, long bytes, TensorSource source) {}

  /// Starts with no metadata and no tensors.
  public SafetensorsWriter() {}

  /// Sets a value of `__metadata__`, in every shard; `format` -> `pt` is what other readers expect.
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /// Adds a tensor.
  ///
  /// @param shape the dimensions, the fastest-running last; empty for a scalar
  /// @param source writes its bytes, little-endian and row-major, later
  /// @throws TokapuException if the name is taken or reserved, or the shape impossible
  public SafetensorsWriter tensor(
      String name, SafetensorsType type, long[] shape, TensorSource source) {
    long bytes = type.bytes();
    for (long dim : shape) {
      if (dim < 0 || Math.multiplyHigh(bytes, dim) != 0 || bytes * dim < 0) {
        throw new TokapuException("the tensor " + name + " has a dimension of " + dim);
      }
      bytes *= dim;
    }
    Entry entry = new Entry(name, type, shape.clone(), bytes, source);
    if (name.equals(SafetensorsParser.METADATA) || tensors.put(name, entry) != null) {
      throw new TokapuException("the tensor name " + name + " is taken");
    }
    return this;
  }

  /// Adds float32 numbers, row-major.
  ///
  /// @throws TokapuException as above, or if there are not as many as the shape says
  public SafetensorsWriter floats(String name, long[] shape, float[] values) {
    tensor(name, SafetensorsType.F32, shape, TensorSource.of(values));
    long bytes = (long) values.length * Float.BYTES;
    Entry added = tensors.get(name);
    if (added != null && added.bytes != bytes) {
      throw new TokapuException(
          "the tensor %s has %d bytes, %d numbers were given"
              .formatted(name, added.bytes, values.length));
    }
    return this;
  }

  /// Adds a tensor of an open file as it is; the file must stay open until this one is written.
  ///
  /// @throws TokapuException if its type is one that is not written
  public SafetensorsWriter copy(SafetensorsFile from, SafetensorsTensor tensor) {
    SafetensorsType type =
        tensor
            .type()
            .orElseThrow(() ->
                new TokapuException(
                    "%s: %s: tensors of dtype %s are not written"
                        .formatted(from.file(), tensor.name(), tensor.dtype())));
    return tensor(tensor.name(), type, tensor.shape(), TensorSource.of(from.data(tensor)));
  }

  /// Writes one file; it appears whole or not at all.
  ///
  /// @throws TokapuException if it cannot be written or a source fails
  public void write(Path file) {
    write(file, List.copyOf(tensors.values()));
  }

  /// Writes a model folder: `model.safetensors` if everything fits in `maxShardBytes`, else shards
  /// with `model.safetensors.index.json`. Each file appears whole or not at all, the index last; if
  /// a shard fails, those before it are removed. Older weights of the other form, which readers
  /// would mistake for the model, are deleted at the end.
  ///
  /// @throws TokapuException if it cannot be written or a source fails
  public void writeFolder(Path folder, long maxShardBytes) {
    List<List<Entry>> shards = shards(maxShardBytes);
    if (shards.size() == 1) {
      write(folder.resolve(SINGLE));
      delete(folder.resolve(INDEX));
      return;
    }
    Map<String, Object> fileOf = new TreeMap<>();
    List<Path> written = new ArrayList<>();
    try {
      for (List<Entry> shard : shards) {
        int number = written.size() + 1;
        String name =
            String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", number, shards.size());
        write(folder.resolve(name), shard);
        written.add(folder.resolve(name));
        shard.forEach(entry -> fileOf.put(entry.name, name));
      }
      long total = tensors.values().stream().mapToLong(Entry::bytes).sum();
      Map<String, Object> index = new LinkedHashMap<>();
      index.put("metadata", Map.of("total_size", total));
      index.put("weight_map", fileOf);
      byte[] json = Json.writePretty(index).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(
          folder.resolve(INDEX),
          channel -> {
            ContainerOutput out = new ContainerOutput(channel);
            out.bytes(ByteBuffer.wrap(json));
            out.flush();
          });
    } catch (RuntimeException | Error e) {
      written.forEach(SafetensorsWriter::delete);
      throw e;
    }
    delete(folder.resolve(SINGLE));
  }

  private List<List<Entry>> shards(long maxBytes) {
    List<List<Entry>> shards = new ArrayList<>();
    List<Entry> shard = new ArrayList<>();
    shards.add(shard);
    long bytes = 0;
    for (Entry entry : tensors.values()) {
      if (!shard.isEmpty() && bytes + entry.bytes > maxBytes) {
        shard = new ArrayList<>();
        shards.add(shard);
        bytes = 0;
      }
      shard.add(entry);
      bytes += entry.bytes;
    }
    return shards;
  }

  private void write(Path file, List<Entry> entries) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingInt((Entry e) -> e.type.bytes()).reversed());
    AtomicFile.write(file, channel -> write(channel, sorted));
  }

  private void write(WritableByteChannel channel, List<Entry> entries) throws IOException {
    byte[] header = Json.write(header(entries)).getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(header.length, 8) * 8;
    ContainerOutput out = new ContainerOutput(channel);
    out.u64(padded);
    out.bytes(ByteBuffer.wrap(header));
    out.pad(8, ' ');
    for (Entry entry : entries) {
      out.tensor(entry.name, entry.bytes, entry.source);
    }
    out.flush();
  }

  private Map<String, Object> header(List<Entry> entries) {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(SafetensorsParser.METADATA, metadata);
    }
    long offset = 0;
    for (Entry entry : entries) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("dtype", entry.type.name());
      fields.put("shape", boxed(entry.shape));
      fields.put("data_offsets", List.of(offset, offset + entry.bytes));
      header.put(entry.name, fields);
      offset += entry.bytes;
    }
    return header;
  }

  private static List<Object> boxed(long[] shape) {
    List<Object> out = new ArrayList<>();
    for (long dim : shape) {
      out.add(dim);
    }
    return out;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new TokapuException("cannot remove " + file + ": " + e.getMessage(), e);
    }
  }
}
