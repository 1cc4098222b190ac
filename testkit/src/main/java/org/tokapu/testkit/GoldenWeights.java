package org.tokapu.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Weights by a formula, so that golden figures need no stored weights: FNV-1a of the name seeds a
/// splitmix64 counter; 24 bits of it become a float (see the README of the golden set).
public final class GoldenWeights {
  private GoldenWeights() {}

  /// Returns `count` values of tensor `name`: `base + (u * 2^-24 - 0.5) * scale`, each step rounded
  /// to float32.
  public static float[] values(String name, long seed, int count, float base, float scale) {
    long s = fnv1a64(name) ^ seed;
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      long z = s + (i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z = z ^ (z >>> 31);
      float x = (z >>> 40) * 0x1p-24f - 0.5f;
      out[i] = base + x * scale;
    }
    return out;
  }

  /// Returns the CRC-32 of the little-endian bytes of `values`, as the golden files state it.
  public static long crc32(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    CRC32 crc = new CRC32();
    crc.update(bytes.array());
    return crc.getValue();
  }

  static long fnv1a64(String name) {
    long h = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    return h;
  }
}
