package org.tokapu.tensor.quant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// The F32 tensors of a trusted safetensors file.
final class SafetensorsFloats {
  private SafetensorsFloats() {}

  static Map<String, float[]> read(Path path) {
    byte[] file;
    try {
      file = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int data = 8 + (int) bytes.getLong(0);
    JsonObject header = Json.parseObject(Arrays.copyOfRange(file, 8, data), path.toString());
    Map<String, float[]> out = new LinkedHashMap<>();
    for (String name : header.map().keySet()) {
      JsonObject tensor = header.object(name).orElseThrow();
      if (!tensor.text("dtype").equals(java.util.Optional.of("F32"))) {
        continue;
      }
      int from = ((Number) tensor.list("data_offsets").get(0)).intValue();
      int to = ((Number) tensor.list("data_offsets").get(1)).intValue();
      float[] values = new float[(to - from) / 4];
      bytes.position(data + from);
      bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      out.put(name, values);
    }
    return out;
  }
}
