package org.tokapu.cli.command;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokapu.base.AtomicFile;
import org.tokapu.base.json.Json;
import org.tokapu.model.file.TensorSource;

/// Float32 tensors on their way into a safetensors file.
final class FloatTensors {
  private record Entry(String name, long[] shape, float[] values) {}

  private final List<Entry> entries = new ArrayList<>();

  /// Adds a tensor.
  ///
  /// @param shape its dimensions, the fastest-running last
  /// @param values row-major
  FloatTensors add(String name, long[] shape, float[] values) {
    entries.add(new Entry(name, shape, values));
    return this;
  }

  /// Writes all of them to `file`, whole or not at all.
  void write(Path file) {
    Map<String, Object> header = new LinkedHashMap<>();
    long at = 0;
    for (Entry entry : entries) {
      List<Long> shape = new ArrayList<>();
      for (long d : entry.shape) {
        shape.add(d);
      }
      long end = at + (long) entry.values.length * Float.BYTES;
      header.put(
          entry.name, Map.of("dtype", "F32", "shape", shape, "data_offsets", List.of(at, end)));
      at = end;
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    head.flip();
    AtomicFile.write(
        file,
        channel -> {
          while (head.hasRemaining()) {
            channel.write(head);
          }
          for (Entry entry : entries) {
            TensorSource.of(entry.values).writeTo(channel);
          }
        });
  }
}
