package org.tokapu.tensor.quant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tokapu.tensor.QuantFormat;

/// Just enough of a GGUF reader for trusted test files: tensor names, types, shapes, data.
final class GgufTensors {
  record Entry(String name, QuantFormat format, int cols, int rows, MemorySegment data) {
    float[] decode() {
      float[] out = new float[rows * cols];
      format.decode(data, 0, out, 0, out.length);
      return out;
    }
  }

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  private final MemorySegment file;
  private long at;

  private GgufTensors(MemorySegment file) {
    this.file = file;
  }

  /// Maps `path` for as long as `arena` lives.
  static Map<String, Entry> read(Path path, Arena arena) {
    try (FileChannel channel = FileChannel.open(path)) {
      return new GgufTensors(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena))
          .parse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Entry> parse() {
    at = 8;
    long tensors = u64();
    long pairs = u64();
    for (long i = 0; i < pairs; i++) {
      string();
      skipValue(u32());
    }
    record Header(String name, int type, int cols, int rows, long offset) {}
    Map<String, Header> headers = new LinkedHashMap<>();
    for (long i = 0; i < tensors; i++) {
      String name = string();
      int dims = u32();
      long cols = u64();
      long rows = 1;
      for (int d = 1; d < dims; d++) {
        rows *= u64();
      }
      headers.put(name, new Header(name, u32(), (int) cols, (int) rows, u64()));
    }
    long data = (at + 31) / 32 * 32;
    Map<String, Entry> out = new LinkedHashMap<>();
    for (Header h : headers.values()) {
      QuantFormat format = QuantFormats.byGgufId(h.type).orElseThrow();
      MemorySegment bytes = file.asSlice(data + h.offset, format.bytes((long) h.rows * h.cols));
      out.put(h.name, new Entry(h.name, format, h.cols, h.rows, bytes));
    }
    return out;
  }

  private void skipValue(int type) {
    if (type == STRING) {
      string();
    } else if (type == ARRAY) {
      int element = u32();
      long count = u64();
      for (long i = 0; i < count; i++) {
        skipValue(element);
      }
    } else {
      at += SIZES[type];
    }
  }

  private int u32() {
    at += 4;
    return file.get(INT, at - 4);
  }

  private long u64() {
    at += 8;
    return file.get(LONG, at - 8);
  }

  private String string() {
    long length = u64();
    byte[] bytes = file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    at += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
