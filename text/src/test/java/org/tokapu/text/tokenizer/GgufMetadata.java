package org.tokapu.text.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the metadata of a well-formed GGUF file, for tests of this module only.
final class GgufMetadata {
  private GgufMetadata() {}

  static Map<String, Object> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    in.position(16);
    long count = in.getLong();
    Map<String, Object> metadata = new HashMap<>();
    for (long i = 0; i < count; i++) {
      String key = text(in);
      metadata.put(key, value(in, in.getInt()));
    }
    return metadata;
  }

  private static Object value(ByteBuffer in, int type) {
    return switch (type) {
      case 0, 1 -> in.get();
      case 2, 3 -> in.getShort();
      case 4 -> in.getInt() & 0xffffffffL;
      case 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() != 0;
      case 8 -> text(in);
      case 9 -> array(in);
      case 10, 11 -> in.getLong();
      case 12 -> in.getDouble();
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static List<Object> array(ByteBuffer in) {
    int type = in.getInt();
    long count = in.getLong();
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      values.add(value(in, type));
    }
    return values;
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[(int) in.getLong()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
