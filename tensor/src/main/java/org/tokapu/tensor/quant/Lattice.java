package org.tokapu.tensor.quant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// A set of points with 4 or 8 whole coordinates: what the indices of an i-quant stand for.
///
/// The points are part of the formats and cannot be computed; `lattices.txt` in the resources of
/// this package holds them, and says how and where they come from.
final class Lattice {
  private static final String RESOURCE = "lattices.txt";

  private final int dimensions;
  private final byte[] coordinates;

  private Lattice(int dimensions, byte[] coordinates) {
    this.dimensions = dimensions;
    this.coordinates = coordinates;
  }

  /// Loads the lattice of this name from the resource.
  static Lattice load(String name) {
    for (String line : lines()) {
      if (line.startsWith(name + " ")) {
        return parse(line);
      }
    }
    throw new IllegalStateException("no lattice " + name + " in " + RESOURCE);
  }

  private static List<String> lines() {
    try (InputStream in = Lattice.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing from the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Lattice parse(String line) {
    String[] fields = line.split(" ", -1);
    int dimensions = Integer.parseInt(fields[1]);
    String[] levels = fields[2].split(",", -1);
    byte[] codes = Base64.getDecoder().decode(fields[3]);
    int bits = 16 / dimensions;
    byte[] coordinates = new byte[codes.length / 2 * dimensions];
    for (int i = 0; i < coordinates.length; i++) {
      int code = LittleEndian.u16(codes, i / dimensions * 2);
      int level = code >> bits * (i % dimensions) & (1 << bits) - 1;
      coordinates[i] = Byte.parseByte(levels[level]);
    }
    return new Lattice(dimensions, coordinates);
  }

  /// Writes `±scale * point[index]`; bit `i` of `signs` makes coordinate `i` negative.
  void signed(int index, int signs, float scale, float[] out, int outAt) {
    int from = index * dimensions;
    for (int i = 0; i < dimensions; i++) {
      float v = scale * coordinates[from + i];
      out[outAt + i] = (signs >> i & 1) == 0 ? v : -v;
    }
  }

  /// Writes `scale * (point[index] + shift)`.
  void shifted(int index, float shift, float scale, float[] out, int outAt) {
    int from = index * dimensions;
    for (int i = 0; i < dimensions; i++) {
      out[outAt + i] = scale * (coordinates[from + i] + shift);
    }
  }

  /// Returns eight signs from the seven that IQ2_XXS, IQ2_XS and IQ3_XXS store: the number of
  /// negative ones is even, which saves the eighth bit.
  static int evenSigns(int seven) {
    return seven | (Integer.bitCount(seven) & 1) << 7;
  }
}
