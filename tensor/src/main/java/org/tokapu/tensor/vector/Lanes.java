package org.tokapu.tensor.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vector width of this machine, and loads and stores at absolute addresses.
///
/// All kernels of this package read memory through one segment over the whole address space, which
/// is as fast as unchecked access; that addresses lie inside of tensors is checked in Java before a
/// kernel runs.
final class Lanes {
  /// Float32 lanes: the widest that the machine likes, at most 512 bits (a line of 16 rows).
  static final VectorSpecies<Float> F =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  /// Int32 lanes of the same shape.
  static final VectorSpecies<Integer> I =
      VectorSpecies.of(int.class, F.vectorShape());

  /// Int16 lanes of the same shape.
  static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, F.vectorShape());

  /// Float32 lanes in a vector.
  static final int COUNT = F.length();

  /// Bytes in a vector.
  static final int BYTES = COUNT * Float.BYTES;

  /// Rows whose weights lie interleaved in one line.
  static final int LINE_ROWS = 16;

  /// Bytes in a line: one 32-bit word for each of its rows.
  static final int LINE = LINE_ROWS * Integer.BYTES;

  /// Vectors in a line.
  static final int PER_LINE = LINE_ROWS / COUNT;

  /// The address space.
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static final VectorShuffle<Float>[] FOLDS = new VectorShuffle[5];

  static {
    for (int half = COUNT / 2, i = 0; half > 0; half /= 2, i++) {
      int by = half;
      FOLDS[i] = VectorShuffle.fromOp(F, lane -> (lane + by) % COUNT);
    }
  }

  private Lanes() {}

  /// Returns whether the machine stores numbers the way that these kernels read them.
  static boolean littleEndian() {
    return ByteOrder.nativeOrder() == LITTLE_ENDIAN;
  }

  static FloatVector floats(long at) {
    return FloatVector.fromMemorySegment(F, ALL, at, LITTLE_ENDIAN);
  }

  static IntVector ints(long at) {
    return IntVector.fromMemorySegment(I, ALL, at, LITTLE_ENDIAN);
  }

  static void store(FloatVector v, long at) {
    v.intoMemorySegment(ALL, at, LITTLE_ENDIAN);
  }

  static FloatVector zero() {
    return FloatVector.zero(F);
  }

  /// Returns a vector whose lanes all hold the float at `at`.
  static FloatVector spread(long at) {
    return FloatVector.broadcast(F, ALL.get(FLOAT, at));
  }

  /// Returns int16 lanes that repeat the pair at `at`.
  static ShortVector spreadPair(long at) {
    return IntVector.broadcast(I, ALL.get(INT, at)).reinterpretAsShorts();
  }

  static float get(long at) {
    return ALL.get(FLOAT, at);
  }

  static void set(long at, float value) {
    ALL.set(FLOAT, at, value);
  }

  static void setInt(long at, int value) {
    ALL.set(INT, at, value);
  }

  static int getInt(long at) {
    return ALL.get(INT, at);
  }

  /// Returns the sum of the lanes, by halves: the same bits interpreted and compiled, which
  /// `reduceLanes(ADD)` does not promise.
  static float sum(FloatVector v) {
    FloatVector s = v;
    for (int half = COUNT / 2, i = 0; half > 0; half /= 2, i++) {
      s = s.add(s.rearrange(FOLDS[i]));
    }
    return s.lane(0);
  }
}
