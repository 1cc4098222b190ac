package org.tokapu.model.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tokapu.base.AtomicFile;
import org.tokapu.base.TokapuException;

/// Collects metadata and tensors and writes them as one GGUF version 3 file, which [GgufFile]
/// describes.
///
/// Tensors are produced while the file is written, in the order in which they were added. What the
/// format's other readers refuse is refused here: names over 63 bytes, more than four dimensions.
/// Not thread-safe.
///
/// ```java
/// new GgufWriter()
///     .put("general.architecture", GgufValue.text("llama"))
///     .tensor("output_norm.weight", new long[] {64}, 0, TensorSource.of(norm))
///     .write(Path.of("model.gguf"));
/// ```
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int MAX_NAME_BYTES = 63;

  private final Map<String, GgufValue> values = new LinkedHashMap<>();
  private final Map<String, Entry> tensors = new LinkedHashMap<>();

  private record Entry(long[] dims, int typeId, long bytes, TensorSource source) {}

  /// Starts with no metadata and no tensors.
  public GgufWriter() {}

  /// Sets a metadata value; a key that is there keeps its place. `general.alignment` is obeyed.
  ///
  /// @throws IllegalArgumentException if the key is empty or too long
  public GgufWriter put(String key, GgufValue value) {
    int length = key.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > 65_535) {
      throw new IllegalArgumentException("a key of " + length + " bytes: 1 to 65535 are allowed");
    }
    values.put(key, value);
    return this;
  }

  /// Sets many metadata values.
  public GgufWriter putAll(Map<String, GgufValue> entries) {
    entries.forEach(this::put);
    return this;
  }

  /// Removes a metadata value if it is there.
  public GgufWriter remove(String key) {
    values.remove(key);
    return this;
  }

  /// Adds a tensor.
  ///
  /// @param dims the dimensions, fastest-running first
  /// @param typeId the `ggml_type` number of its format
  /// @param source writes its bytes, later
  /// @throws TokapuException if name, dimensions or type cannot be stored, or the name is taken
  public GgufWriter tensor(String name, long[] dims, int typeId, TensorSource source) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAX_NAME_BYTES) {
      throw new TokapuException(
          "the tensor name " + name + " has " + length + " bytes; GGUF allows 1 to 63");
    }
    Entry entry = new Entry(dims.clone(), typeId, bytes(name, dims, typeId), source);
    if (tensors.put(name, entry) != null) {
      throw new TokapuException("the tensor " + name + " was added twice");
    }
    return this;
  }

  /// Adds a tensor of an open file as it is; the file must stay open until this one is written.
  public GgufWriter copy(GgufFile from, GgufTensor tensor) {
    return tensor(
        tensor.name(), tensor.dims(), tensor.typeId(), TensorSource.of(from.data(tensor)));
  }

  private static long bytes(String name, long[] dims, int typeId) {
    GgmlTypes.Block block = GgmlTypes.block(typeId, "GGUF output", name);
    long elements = 1;
    for (long dim : dims) {
      if (dim <= 0) {
        throw new TokapuException("the tensor " + name + " has a dimension of " + dim);
      }
      elements = Math.multiplyExact(elements, dim);
    }
    if (dims.length > 4 || (dims.length > 0 ? dims[0] : 1) % block.numbers() != 0) {
      throw new TokapuException(
          "the tensor %s with %d dimensions, %d numbers a row, cannot be stored as ggml type %d"
              .formatted(name, dims.length, dims.length > 0 ? dims[0] : 1, typeId));
    }
    return Math.multiplyExact(elements / block.numbers(), (long) block.bytes());
  }

  /// Writes the file; it appears whole or not at all.
  ///
  /// @throws TokapuException if it cannot be written or a source fails
  public void write(Path file) {
    AtomicFile.write(file, this::write);
  }

  private void write(WritableByteChannel channel) throws IOException {
    int alignment = alignment();
    ContainerOutput out = new ContainerOutput(channel);
    out.u32(GgufParser.MAGIC);
    out.u32(VERSION);
    out.u64(tensors.size());
    out.u64(values.size());
    for (Map.Entry<String, GgufValue> entry : values.entrySet()) {
      out.string(entry.getKey());
      out.u32(entry.getValue().type().id());
      write(out, entry.getValue().type(), entry.getValue().value());
    }
    long offset = 0;
    for (Map.Entry<String, Entry> named : tensors.entrySet()) {
      Entry tensor = named.getValue();
      out.string(named.getKey());
      out.u32(tensor.dims.length);
      for (long dim : tensor.dims) {
        out.u64(dim);
      }
      out.u32(tensor.typeId);
      out.u64(offset);
      offset += Math.ceilDiv(tensor.bytes, alignment) * (long) alignment;
    }
    out.pad(alignment, 0);
    for (Map.Entry<String, Entry> named : tensors.entrySet()) {
      out.tensor(named.getKey(), named.getValue().bytes, named.getValue().source);
      out.pad(alignment, 0);
    }
    out.flush();
  }

  private int alignment() {
    GgufValue value = values.get(GgufParser.ALIGNMENT_KEY);
    if (value == null) {
      return GgufParser.DEFAULT_ALIGNMENT;
    }
    if (value.type() != GgufType.UINT32
        || !(value.value() instanceof Long n)
        || n < 8
        || n > 1 << 20
        || Long.bitCount(n) != 1) {
      throw new TokapuException(
          GgufParser.ALIGNMENT_KEY + " must be a power of two from 8 to 2^20, a UINT32");
    }
    return n.intValue();
  }

  private static void write(ContainerOutput out, GgufType type, Object value) throws IOException {
    if (value instanceof GgufArray array) {
      write(out, array);
    } else if (value instanceof String text) {
      out.string(text);
    } else {
      out.bits(type.bits(value), type.minBytes());
    }
  }

  private static void write(ContainerOutput out, GgufArray array) throws IOException {
    out.u32(array.elementType().id());
    out.u64(array.size());
    if (array instanceof GgufArray.Mapped mapped) {
      MemorySegment bytes = mapped.bytes();
      out.bytes(bytes.asByteBuffer());
      return;
    }
    for (Object element : array) {
      write(out, array.elementType(), element);
    }
  }
}
