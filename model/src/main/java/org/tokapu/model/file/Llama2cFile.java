package org.tokapu.model.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokapu.base.ModelFormatException;

/// An open model of [llama2.c](https://github.com/karpathy/llama2.c), mapped into memory.
///
/// Little-endian; float32 matrices, row-major, the rotary pairs interleaved as in GGUF:
///
/// | layout | header | tensors in order |
/// |---|---|---|
/// | legacy | 7 x i32: dim, hidden, layers, heads, kvHeads, vocabulary (negative: the output matrix is stored), context | embedding; then for all layers attn_norm, q, k, v, o, ffn_norm, gate, down, up; output_norm; two RoPE tables `[context, headDim / 2]`; output unless tied |
/// | 1 | `24ka`, i32 1, the 7 x i32, u8 tied, zeros up to byte 256 | for all layers attn_norm, ffn_norm; output_norm; embedding; for all layers q, k, v, o, gate, down, up; output unless tied |
/// | 2 | `24ka`, i32 2: int8 groups | refused |
///
/// Tensors have GGUF names, one for each layer. The vocabulary is in a file of its own. Owns the
/// mapping: tensors are gone after [#close]. Thread-safe.
public final class Llama2cFile implements AutoCloseable {
  /// `ak42` as a little-endian integer.
  private static final int MAGIC = 0x616b3432;

  private static final int LEGACY_BYTES = 28;
  private static final int VERSIONED_BYTES = 256;

  private final Arena arena;
  private final MemorySegment data;
  private final Llama2cHeader header;
  private final Map<String, Llama2cTensor> tensors = new LinkedHashMap<>();

  private Llama2cFile(Arena arena, MemorySegment data, String file) {
    this.arena = arena;
    this.data = data;
    this.header = header(data, file);
    if (!header.isPlausible()) {
      throw new ModelFormatException(
          file, "header", "has impossible sizes " + header + "; it is no llama2.c model");
    }
    Llama2cLayout layout = layout(header);
    if (layout.end() != data.byteSize()) {
      throw new ModelFormatException(
          file,
          "size",
          "is %d bytes, a model of these sizes has %d; it is truncated or no llama2.c model"
              .formatted(data.byteSize(), layout.end()));
    }
    layout.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
  }

  /// Maps a file.
  ///
  /// @throws ModelFormatException if it is no llama2.c model in float32
  /// @throws org.tokapu.base.TokapuException if it is absent or unreadable
  public static Llama2cFile open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return new Llama2cFile(arena, MappedFile.map(file, arena), file.toString());
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /// Returns whether the bytes are a llama2.c model of any version, by its magic number or, as the
  /// legacy layout has none, by its size.
  static boolean matches(MemorySegment data) {
    if (data.byteSize() < VERSIONED_BYTES) {
      return false;
    }
    if (data.get(ByteCursor.INT, 0) == MAGIC) {
      return true;
    }
    Llama2cHeader header = legacyHeader(new ByteCursor(data, ""));
    return header.isPlausible() && layout(header).end() == data.byteSize();
  }

  private static Llama2cLayout layout(Llama2cHeader header) {
    return Llama2cLayout.of(header, header.version() == 0 ? LEGACY_BYTES : VERSIONED_BYTES);
  }

  private static Llama2cHeader header(MemorySegment data, String file) {
    ByteCursor in = new ByteCursor(data, file);
    if (data.byteSize() < VERSIONED_BYTES || data.get(ByteCursor.INT, 0) != MAGIC) {
      return legacyHeader(in);
    }
    in.skip(4, "header");
    int version = in.i32("version");
    if (version != 1) {
      throw new ModelFormatException(
          file,
          "version",
          "is a llama2.c file of version "
              + version
              + (version == 2 ? " (int8 groups)" : "")
              + "; version 1 and the legacy layout are read, export it with --version 1");
    }
    int[] n = sizes(in);
    boolean tied = data.get(ValueLayout.JAVA_BYTE, in.skip(1, "header")) != 0;
    return new Llama2cHeader(1, n[0], n[1], n[2], n[3], n[4], n[5], n[6], tied);
  }

  private static Llama2cHeader legacyHeader(ByteCursor in) {
    int[] n = sizes(in);
    return new Llama2cHeader(
        0,
        n[0],
        n[1],
        n[2],
        n[3],
        n[4],
        n[5] == Integer.MIN_VALUE ? 0 : Math.abs(n[5]),
        n[6],
        n[5] > 0);
  }

  private static int[] sizes(ByteCursor in) {
    int[] sizes = new int[7];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.i32("header");
    }
    return sizes;
  }

  /// Returns the sizes.
  public Llama2cHeader header() {
    return header;
  }

  /// Returns all tensors in file order.
  public List<Llama2cTensor> tensors() {
    return List.copyOf(tensors.values());
  }

  /// Returns the tensor of this name.
  public Optional<Llama2cTensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /// Returns a tensor's float32 numbers where they are mapped, read-only, 4-byte aligned.
  public MemorySegment data(Llama2cTensor tensor) {
    return data.asSlice(tensor.offset(), tensor.bytes());
  }

  @Override
  public void close() {
    arena.close();
  }
}
