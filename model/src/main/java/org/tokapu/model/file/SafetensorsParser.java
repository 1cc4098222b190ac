package org.tokapu.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Reads the header of one safetensors file; [SafetensorsFile] describes the format.
final class SafetensorsParser {
  /// The largest header that the format's own implementation reads.
  static final int MAX_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";

  private final MemorySegment data;
  private final String file;
  private final int part;

  /// What a file holds: its metadata and its tensors by where they lie.
  record Contents(Map<String, String> metadata, List<SafetensorsTensor> tensors) {}

  /// @param file its name, for messages
  /// @param part its number among the shards, from 0
  SafetensorsParser(MemorySegment data, String file, int part) {
    this.data = data;
    this.file = file;
    this.part = part;
  }

  Contents parse() {
    ByteCursor in = new ByteCursor(data, file);
    long length = in.i64("header length");
    if (length < 2 || length > MAX_HEADER || length > in.remaining()) {
      throw new ModelFormatException(
          file,
          "header length",
          ("is %s, the file has %d more bytes and at most %d are read; it is no safetensors file, "
                  + "or truncated")
              .formatted(Long.toUnsignedString(length), in.remaining(), MAX_HEADER));
    }
    long at = in.skip(length, "header");
    if (data.get(ValueLayout.JAVA_BYTE, at) != '{') {
      throw new ModelFormatException(file, "header", "does not begin with {");
    }
    JsonObject header =
        Json.parseObject(data.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), file);
    List<SafetensorsTensor> tensors = new ArrayList<>();
    for (String name : header.map().keySet()) {
      if (!name.equals(METADATA)) {
        tensors.add(tensor(name, header.object(name).orElse(null), in.position()));
      }
    }
    checkLayout(tensors, in.position());
    return new Contents(metadata(header), List.copyOf(tensors));
  }

  private Map<String, String> metadata(JsonObject header) {
    Map<String, String> out = new LinkedHashMap<>();
    header
        .object(METADATA)
        .ifPresent(fields ->
            fields.map().keySet().forEach(key -> fields.text(key).ifPresent(v -> out.put(key, v))));
    return out;
  }

  private SafetensorsTensor tensor(String name, @Nullable JsonObject entry, long start) {
    if (entry == null) {
      throw new ModelFormatException(
          file, name, "is null; dtype, shape and data_offsets are needed");
    }
    String dtype = entry.text("dtype").orElseThrow(() -> entry.wrong("dtype", "is absent"));
    long[] shape = integers(entry, "shape");
    long[] offsets = integers(entry, "data_offsets");
    long size = data.byteSize() - start;
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw entry.wrong("data_offsets", "should be [begin, end] with begin not after end");
    }
    if (offsets[1] > size) {
      throw entry.wrong(
          "data_offsets",
          "ends at %d, the file has %d bytes of data; it is truncated or damaged, fetch it again"
              .formatted(offsets[1], size));
    }
    SafetensorsTensor tensor =
        new SafetensorsTensor(
            name, dtype, shape, part, start + offsets[0], offsets[1] - offsets[0]);
    checkSize(tensor, entry);
    return tensor;
  }

  private static void checkSize(SafetensorsTensor tensor, JsonObject entry) {
    long elements = 1;
    for (long dim : tensor.shape()) {
      if (Math.multiplyHigh(elements, dim) != 0 || elements * dim < 0) {
        throw entry.wrong("shape", "has more than 2^63 elements");
      }
      elements *= dim;
    }
    if (tensor.type().isPresent()) {
      int width = tensor.type().get().bytes();
      if (elements > Long.MAX_VALUE / width || elements * width != tensor.bytes()) {
        throw entry.wrong(
            "data_offsets",
            "span %d bytes, the shape has %d elements of %d bytes"
                .formatted(tensor.bytes(), elements, width));
      }
    }
  }

  private static long[] integers(JsonObject entry, String key) {
    if (!entry.has(key)) {
      throw entry.wrong(key, "is absent");
    }
    return entry.list(key).stream()
        .mapToLong(value -> {
          if (value instanceof Long n && n >= 0) {
            return n;
          }
          throw entry.wrong(key, "should hold integers from 0 up, holds " + value);
        })
        .toArray();
  }

  /// Tensors must cover the data from its first byte to its last, once.
  private void checkLayout(List<SafetensorsTensor> tensors, long start) {
    List<SafetensorsTensor> sorted = new ArrayList<>(tensors);
    sorted.sort(
        Comparator.comparingLong(SafetensorsTensor::offset)
            .thenComparingLong(SafetensorsTensor::bytes));
    long end = start;
    for (SafetensorsTensor tensor : sorted) {
      if (tensor.offset() != end) {
        throw new ModelFormatException(
            file,
            tensor.name(),
            "begins at byte %d, the tensor before it ends at %d: %s; the file is damaged"
                .formatted(
                    tensor.offset(), end, tensor.offset() < end ? "they overlap" : "a hole"));
      }
      end += tensor.bytes();
    }
    if (end != data.byteSize()) {
      throw new ModelFormatException(
          file,
          "data",
          "goes on to byte %d, the last tensor ends at %d; the file is damaged"
              .formatted(data.byteSize(), end));
    }
  }
}
