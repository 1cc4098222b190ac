package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tokapu.base.ModelFormatException;

/// Reads the header of one GGUF file; [GgufFile] describes the format.
///
/// Used once per file, not thread-safe.
final class GgufParser {
  /// `GGUF` as a little-endian integer.
  static final int MAGIC = 0x46554747;

  static final String ALIGNMENT_KEY = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;

  private static final int MAX_KEY_BYTES = 65_535;
  private static final int MAX_TENSOR_NAME_BYTES = 1_024;
  private static final int MAX_STRING_BYTES = 64 << 20;
  private static final int MAX_ARRAY = 1 << 24;
  private static final int MAX_NESTED_ARRAYS = 1 << 16;
  private static final int MAX_DEPTH = 8;
  private static final int MAX_DIMS = 4;
  private static final int MAX_ALIGNMENT = 1 << 20;

  private final ByteCursor in;
  private final String file;
  private final int part;
  private int nestedArrays;

  /// @param file its name, for messages
  /// @param part its number among the parts of a split model, from 0
  GgufParser(MemorySegment data, String file, int part) {
    this.in = new ByteCursor(data, file);
    this.file = file;
    this.part = part;
  }

  GgufPart parse() {
    int version = version();
    long tensorCount = in.count(24, "tensor count"); // name length, dims, type, offset
    long valueCount = in.count(13, "metadata count"); // key length, type, one byte
    Map<String, GgufValue> values = values(valueCount);
    int alignment = alignment(values);
    List<GgufTensor> relative = tensors(tensorCount, alignment);
    long start = Math.ceilDiv(in.position(), alignment) * (long) alignment;
    List<GgufTensor> tensors = new ArrayList<>();
    for (GgufTensor tensor : relative) {
      tensors.add(placed(tensor, start));
    }
    checkOverlaps(tensors);
    return new GgufPart(file, version, alignment, values, List.copyOf(tensors), in.data());
  }

  private int version() {
    if (in.remaining() < 24 || in.i32("header") != MAGIC) {
      throw new ModelFormatException(
          file, "header", "is not a GGUF file: it does not begin with the four bytes GGUF");
    }
    int version = in.i32("version");
    if (version != 0 && (version & 0xFFFF) == 0) {
      throw new ModelFormatException(
          file, "version", "is a big-endian GGUF file; only little-endian files are read");
    }
    if (version == 1) {
      throw new ModelFormatException(
          file, "version", "is GGUF version 1, which is obsolete; convert the model anew");
    }
    if (version != 2 && version != 3) {
      throw new ModelFormatException(
          file,
          "version",
          "is GGUF version " + Integer.toUnsignedString(version) + "; versions 2 and 3 are read");
    }
    return version;
  }

  private Map<String, GgufValue> values(long count) {
    Map<String, GgufValue> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String key = in.string(MAX_KEY_BYTES, "metadata key " + i);
      if (key.isEmpty()) {
        throw new ModelFormatException(file, "metadata key " + i, "is empty");
      }
      GgufType type = type(key);
      if (values.put(key, new GgufValue(type, value(type, key, 1))) != null) {
        throw new ModelFormatException(file, key, "occurs twice in the metadata");
      }
    }
    return values;
  }

  private GgufType type(String key) {
    int id = in.i32(key);
    Optional<GgufType> type = GgufType.of(id);
    if (type.isEmpty()) {
      throw new ModelFormatException(
          file,
          key,
          "has the unknown metadata type " + Integer.toUnsignedString(id) + "; 0 to 12 are known");
    }
    return type.get();
  }

  private Object value(GgufType type, String key, int depth) {
    return switch (type) {
      case STRING -> in.string(MAX_STRING_BYTES, key);
      case ARRAY -> array(key, depth);
      case BOOL -> {
        long at = in.skip(1, key);
        byte stored = in.data().get(ValueLayout.JAVA_BYTE, at);
        if (stored != 0 && stored != 1) {
          throw new ModelFormatException(
              file, key, "is a truth value stored as " + stored + "; 0 or 1 is expected");
        }
        yield stored == 1;
      }
      default -> type.read(in.data(), in.skip(type.minBytes(), key));
    };
  }

  private GgufArray array(String key, int depth) {
    GgufType element = type(key);
    long count = in.count(element.minBytes(), key);
    if (count > MAX_ARRAY) {
      throw new ModelFormatException(
          file, key, "is an array of " + count + " elements; at most " + MAX_ARRAY + " are read");
    }
    if (element == GgufType.STRING) {
      return new GgufArray.Strings(in.data(), stringOffsets((int) count, key), file, key);
    }
    if (element != GgufType.ARRAY) {
      long bytes = count * element.minBytes();
      return new GgufArray.Mapped(element, in.data().asSlice(in.skip(bytes, key), bytes));
    }
    nestedArrays += (int) count;
    if (depth == MAX_DEPTH || count > MAX_NESTED_ARRAYS || nestedArrays > MAX_NESTED_ARRAYS) {
      throw new ModelFormatException(
          file,
          key,
          "nests arrays too deeply or too often; at most %d levels and %d arrays are read"
              .formatted(MAX_DEPTH, MAX_NESTED_ARRAYS));
    }
    List<Object> arrays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arrays.add(array(key + "[" + i + "]", depth + 1));
    }
    return GgufArray.of(GgufType.ARRAY, arrays);
  }

  /// Steps over `count` strings and notes where each begins; the list grows as they turn out to be
  /// there, and nothing is decoded.
  private long[] stringOffsets(int count, String key) {
    long[] offsets = new long[Math.min(count, 1 << 12)];
    for (int i = 0; i < count; i++) {
      if (i == offsets.length) {
        offsets = Arrays.copyOf(offsets, (int) Math.min(count, 2L * offsets.length));
      }
      offsets[i] = in.position();
      long length = in.i64(key);
      if (length < 0 || length > MAX_STRING_BYTES || length > in.remaining()) {
        throw new ModelFormatException(
            file,
            key + "[" + i + "]",
            "claims to be a string of %s bytes, %d are left and at most %d are allowed"
                .formatted(Long.toUnsignedString(length), in.remaining(), MAX_STRING_BYTES));
      }
      in.skip(length, key);
    }
    return offsets;
  }

  private int alignment(Map<String, GgufValue> values) {
    GgufValue value = values.get(ALIGNMENT_KEY);
    if (value == null) {
      return DEFAULT_ALIGNMENT;
    }
    if (!(value.value() instanceof Long n) || n < 8 || n > MAX_ALIGNMENT || Long.bitCount(n) != 1) {
      throw new ModelFormatException(
          file, ALIGNMENT_KEY, "should be a power of two from 8 to " + MAX_ALIGNMENT);
    }
    return n.intValue();
  }

  private List<GgufTensor> tensors(long count, int alignment) {
    List<GgufTensor> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < count; i++) {
      String name = in.string(MAX_TENSOR_NAME_BYTES, "name of tensor " + i);
      if (name.isEmpty() || !names.add(name)) {
        throw new ModelFormatException(
            file, "tensor " + i, name.isEmpty() ? "has no name" : name + " occurs twice");
      }
      tensors.add(tensor(name, alignment));
    }
    return tensors;
  }

  /// Reads one entry; its offset is still relative to the data.
  private GgufTensor tensor(String name, int alignment) {
    int rank = in.i32(name);
    if (rank < 0 || rank > MAX_DIMS) {
      throw new ModelFormatException(
          file, name, "has " + Integer.toUnsignedString(rank) + " dimensions; at most 4 are read");
    }
    long[] dims = new long[rank];
    long elements = 1;
    for (int d = 0; d < rank; d++) {
      dims[d] = in.i64(name);
      long high = Math.multiplyHigh(elements, dims[d]);
      elements *= dims[d];
      if (dims[d] <= 0 || high != 0 || elements <= 0) {
        throw new ModelFormatException(
            file, name, "has impossible dimensions " + Arrays.toString(Arrays.copyOf(dims, d + 1)));
      }
    }
    int type = in.i32(name);
    GgmlTypes.Block block = GgmlTypes.block(type, file, name);
    long row = rank == 0 ? 1 : dims[0];
    if (row % block.numbers() != 0) {
      throw new ModelFormatException(
          file,
          name,
          "has rows of %d numbers, its type %d packs %d at a time"
              .formatted(row, type, block.numbers()));
    }
    long blocks = elements / block.numbers();
    if (blocks > Long.MAX_VALUE / block.bytes()) {
      throw new ModelFormatException(
          file, name, "has impossible dimensions " + Arrays.toString(dims));
    }
    long offset = in.i64(name);
    if (offset < 0 || offset % alignment != 0) {
      throw new ModelFormatException(
          file,
          name,
          "begins at %s, which is no multiple of the alignment %d"
              .formatted(Long.toUnsignedString(offset), alignment));
    }
    return new GgufTensor(name, dims, type, part, offset, blocks * block.bytes());
  }

  private GgufTensor placed(GgufTensor tensor, long start) {
    long size = in.data().byteSize();
    if (tensor.offset() > size - start || tensor.bytes() > size - start - tensor.offset()) {
      throw new ModelFormatException(
          file,
          tensor.name(),
          "needs %d bytes at %s, the file ends at %d; it is truncated or damaged, fetch it again"
              .formatted(tensor.bytes(), Long.toUnsignedString(start + tensor.offset()), size));
    }
    return new GgufTensor(
        tensor.name(),
        tensor.dims(),
        tensor.typeId(),
        part,
        start + tensor.offset(),
        tensor.bytes());
  }

  private void checkOverlaps(List<GgufTensor> tensors) {
    List<GgufTensor> sorted = new ArrayList<>(tensors);
    sorted.sort(Comparator.comparingLong(GgufTensor::offset));
    for (int i = 1; i < sorted.size(); i++) {
      GgufTensor before = sorted.get(i - 1);
      if (before.offset() + before.bytes() > sorted.get(i).offset()) {
        throw new ModelFormatException(
            file,
            sorted.get(i).name(),
            "overlaps " + before.name() + "; the file is damaged, fetch it again");
      }
    }
  }
}
