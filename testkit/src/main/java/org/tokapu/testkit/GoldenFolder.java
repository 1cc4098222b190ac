package org.tokapu.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// A model of the golden set as a folder on disk, for tests that open models as users do.
public final class GoldenFolder {
  private GoldenFolder() {}

  /// Writes `config.json` and `model.safetensors` of a golden model into `folder`.
  ///
  /// @param golden the golden file, `golden/NAME.json`
  public static Path write(JsonObject golden, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"), Json.write(golden.object("config").orElseThrow().map()));
    Map<String, Object> header = new LinkedHashMap<>();
    long at = 0;
    for (JsonObject tensor : golden.objects("tensors")) {
      long end = at + 4L * count(tensor);
      header.put(
          tensor.text("name").orElseThrow(),
          Map.of("dtype", "F32", "shape", tensor.list("shape"), "data_offsets", List.of(at, end)));
      at = end;
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    try (FileChannel out =
        FileChannel.open(
            folder.resolve("model.safetensors"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      out.write(little(8).putLong(json.length).flip());
      out.write(ByteBuffer.wrap(json));
      long seed = golden.integer("seed").orElseThrow();
      for (JsonObject tensor : golden.objects("tensors")) {
        ByteBuffer bytes = little(4 * count(tensor));
        bytes.asFloatBuffer().put(values(tensor, seed));
        out.write(bytes);
      }
    }
    return folder;
  }

  private static float[] values(JsonObject tensor, long seed) {
    return GoldenWeights.values(
        tensor.text("name").orElseThrow(),
        seed,
        count(tensor),
        tensor.number("base").orElseThrow().floatValue(),
        tensor.number("scale").orElseThrow().floatValue());
  }

  private static int count(JsonObject tensor) {
    int out = 1;
    for (Object d : tensor.list("shape")) {
      out *= ((Number) d).intValue();
    }
    return out;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
