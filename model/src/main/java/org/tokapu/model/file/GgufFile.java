package org.tokapu.model.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.tensor.QuantFormat;

/// An open GGUF file, or all files of a split one, mapped into memory.
///
/// The format ([specification](https://github.com/ggml-org/ggml/blob/master/docs/gguf.md)), all
/// integers little-endian, strings as a 64-bit length in bytes and UTF-8:
///
/// | what | bytes |
/// |---|---|
/// | magic | `GGUF` |
/// | version | u32: 2 or 3 (3 only adds big-endian files, which are refused) |
/// | tensor count, metadata count | u64 each |
/// | metadata | key, type (u32, [GgufType]), value; an array has element type, count, elements |
/// | tensor entries | name, rank (u32), dimensions (u64, fastest first), `ggml_type` (u32), offset from the start of the data (u64) |
/// | padding | to `general.alignment` (32 if absent) |
/// | data | each tensor at a multiple of the alignment |
///
/// A split model has names `NAME-00001-of-00003.gguf` and the keys `split.no` (from 0),
/// `split.count` and `split.tensors.count`; only the first file has the model's metadata. Opening
/// any of them opens all; the split keys are then left out of the metadata, so that it can be
/// written as one file.
///
/// Beyond the format: at most 2^24 elements in an array and 64 MiB in a string. Owns the mapping:
/// tensors and the arrays in the metadata are gone after [#close]. Thread-safe.
public final class GgufFile implements AutoCloseable {
  private static final Pattern PART_NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final String SPLIT_NO = "split.no";
  private static final String SPLIT_COUNT = "split.count";
  private static final String SPLIT_TENSORS = "split.tensors.count";

  private final Arena arena;
  private final String file;
  private final List<GgufPart> parts;
  private final GgufMetadata fields;
  private final List<GgufTensor> tensors;
  private final Map<String, GgufTensor> byName;

  private GgufFile(Arena arena, String file, List<GgufPart> parts) {
    this.arena = arena;
    this.file = file;
    this.parts = parts;
    Map<String, GgufValue> values = new LinkedHashMap<>(parts.getFirst().values());
    if (parts.size() > 1) {
      values.keySet().removeAll(List.of(SPLIT_NO, SPLIT_COUNT, SPLIT_TENSORS));
    }
    this.fields = new GgufMetadata(file, values);
    List<GgufTensor> all = new ArrayList<>();
    this.byName = new LinkedHashMap<>();
    for (GgufPart part : parts) {
      for (GgufTensor tensor : part.tensors()) {
        all.add(tensor);
        if (byName.put(tensor.name(), tensor) != null) {
          throw new ModelFormatException(
              part.file(), tensor.name(), "is in two parts of the split model");
        }
      }
    }
    this.tensors = Collections.unmodifiableList(all);
  }

  /// Maps a file, and the other parts if it is one of a split model.
  ///
  /// @throws ModelFormatException if it is not a GGUF file that can be read safely
  /// @throws TokapuException if it is absent or unreadable
  public static GgufFile open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      GgufPart opened = part(file, arena, 0);
      int count = splitCount(opened);
      List<GgufPart> parts = count <= 1 ? List.of(opened) : parts(file, opened, count, arena);
      GgufFile whole = new GgufFile(arena, file.toString(), parts);
      whole.checkTensorCount();
      return whole;
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static GgufPart part(Path file, Arena arena, int index) {
    return new GgufParser(MappedFile.map(file, arena), file.toString(), index).parse();
  }

  private static int splitCount(GgufPart part) {
    return new GgufMetadata(part.file(), part.values()).integer(SPLIT_COUNT).orElse(1);
  }

  private static List<GgufPart> parts(Path file, GgufPart opened, int count, Arena arena) {
    Matcher name = PART_NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches() || Integer.parseInt(name.group(3)) != count) {
      throw new ModelFormatException(
          opened.file(),
          SPLIT_COUNT,
          "says that this is one of %d parts; they are found by names like NAME-00001-of-%05d.gguf"
              .formatted(count, count));
    }
    List<GgufPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path path =
          file.resolveSibling(
              String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", name.group(1), i + 1, count));
      GgufPart part;
      try {
        part = part(path, arena, i);
      } catch (ModelFormatException e) {
        throw e;
      } catch (TokapuException e) {
        throw new ModelFormatException(
            opened.file(),
            SPLIT_COUNT,
            "is " + count + ", but " + path + " cannot be opened; all parts must be in one folder",
            e);
      }
      GgufMetadata fields = new GgufMetadata(part.file(), part.values());
      if (fields.integer(SPLIT_NO).orElse(-1) != i || splitCount(part) != count) {
        throw fields.wrong(
            SPLIT_NO, "does not say that this is part %d of %d (from 0)".formatted(i, count));
      }
      parts.add(part);
    }
    return List.copyOf(parts);
  }

  private void checkTensorCount() {
    GgufMetadata first = new GgufMetadata(file, parts.getFirst().values());
    Optional<Integer> expected = first.integer(SPLIT_TENSORS);
    if (parts.size() > 1 && expected.isPresent() && expected.get() != tensors.size()) {
      throw first.wrong(
          SPLIT_TENSORS, "is " + expected.get() + ", the parts have " + tensors.size());
    }
  }

  /// Returns the file's name, for messages.
  public String file() {
    return file;
  }

  /// Returns the format version, 2 or 3.
  public int version() {
    return parts.getFirst().version();
  }

  /// Returns the alignment of the tensors in bytes.
  public int alignment() {
    return parts.getFirst().alignment();
  }

  /// Returns the metadata as plain values in file order: `Long` for all integers (`BigInteger` for
  /// a uint64 beyond it), `Double`, `Boolean`, `String`, or a list of those ([GgufArray]).
  public Map<String, Object> metadata() {
    return fields.map();
  }

  /// Returns the metadata with typed accessors and stored types.
  public GgufMetadata fields() {
    return fields;
  }

  /// Returns all tensors in file order.
  public List<GgufTensor> tensors() {
    return tensors;
  }

  /// Returns the tensor of this name.
  public Optional<GgufTensor> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Returns a tensor's bytes where they are mapped, read-only, aligned as the file says.
  public MemorySegment data(GgufTensor tensor) {
    return parts.get(tensor.part()).data().asSlice(tensor.offset(), tensor.bytes());
  }

  /// Returns a tensor decoded to float32 on the heap, in storage order.
  ///
  /// @throws ModelFormatException if its type is not one of weights, or it has 2^31 numbers or more
  public float[] floats(GgufTensor tensor) {
    QuantFormat format =
        tensor
            .format()
            .orElseThrow(() ->
                new ModelFormatException(
                    file, tensor.name(), "has ggml type " + tensor.typeId() + ", no weights"));
    if (tensor.elements() > Integer.MAX_VALUE - 8) {
      throw new ModelFormatException(
          file, tensor.name(), "has " + tensor.elements() + " numbers, too many for one array");
    }
    float[] out = new float[(int) tensor.elements()];
    format.decode(data(tensor), 0, out, 0, out.length);
    return out;
  }

  @Override
  public void close() {
    arena.close();
  }
}
