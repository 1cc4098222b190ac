package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Loads and stores at absolute addresses of this process, for inner loops.
///
/// One segment over the whole address space costs no more than unchecked access, where bounds and
/// life of several segments would be checked at every load. So the callers answer for both: only
/// memory of this package (packed weights, scratch) is reached this way, its sizes follow from
/// shapes that were checked, and its owner is alive while a kernel runs.
final class Native {
  /// Rows whose weights lie interleaved in one line.
  static final int LINE_ROWS = 16;

  /// Bytes in a line: one 32-bit word for each of its rows.
  static final int LINE = LINE_ROWS * Integer.BYTES;

  /// Bytes in a vector.
  static final int BYTES = COUNT * Float.BYTES;

  /// Vectors in a line.
  static final int PER_LINE = LINE_ROWS / COUNT;

  /// Int16 lanes, two to each float lane.
  static final VectorSpecies<Short> SHORTS = FLOATS.withLanes(short.class);

  /// As many int16 as there are float lanes.
  static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(16 * COUNT));

  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

  private static final MemorySegment ALL = allMemory();

  private Native() {}

  @SuppressWarnings("restricted") // see above
  private static MemorySegment allMemory() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  static FloatVector floats(long at) {
    return FloatVector.fromMemorySegment(FLOATS, ALL, at, LITTLE);
  }

  static ShortVector shorts(long at) {
    return ShortVector.fromMemorySegment(SHORTS, ALL, at, LITTLE);
  }

  static IntVector ints(long at) {
    return IntVector.fromMemorySegment(INTS, ALL, at, LITTLE);
  }

  static void store(FloatVector v, long at) {
    v.intoMemorySegment(ALL, at, LITTLE);
  }

  static void store(ShortVector v, long at) {
    v.intoMemorySegment(ALL, at, LITTLE);
  }

  static FloatVector zero() {
    return FloatVector.zero(FLOATS);
  }

  /// Returns a vector whose lanes all hold the float at `at`.
  static FloatVector spread(long at) {
    return FloatVector.broadcast(FLOATS, ALL.get(FLOAT, at));
  }

  /// Returns int16 lanes that repeat the pair at `at`.
  static ShortVector spreadPair(long at) {
    return IntVector.broadcast(INTS, ALL.get(INT, at)).reinterpretAsShorts();
  }

  /// Widens finite F16 numbers, subnormal ones too: the exponent is moved into place and corrected
  /// by a product.
  static FloatVector halves(long at) {
    IntVector bits =
        (IntVector)
            ShortVector.fromMemorySegment(HALVES, ALL, at, LITTLE)
                .convertShape(VectorOperators.S2I, INTS, 0);
    return bits.lanewise(VectorOperators.LSHL, 13)
        .and(0x8fffe000)
        .reinterpretAsFloats()
        .mul(0x1p112f);
  }

  static float get(long at) {
    return ALL.get(FLOAT, at);
  }

  static int getInt(long at) {
    return ALL.get(INT, at);
  }

  static void set(long at, float value) {
    ALL.set(FLOAT, at, value);
  }

  static void setInt(long at, int value) {
    ALL.set(INT, at, value);
  }

  static void setShort(long at, short value) {
    ALL.set(SHORT, at, value);
  }

  /// Copies `count` floats of `segment`, from byte `offset`, to `at`.
  static void copyIn(MemorySegment segment, long offset, long at, long count) {
    MemorySegment.copy(segment, offset, ALL, at, count * Float.BYTES);
  }

  /// Copies `count` floats from `at` to byte `offset` of `segment`.
  static void copyOut(long at, MemorySegment segment, long offset, long count) {
    MemorySegment.copy(ALL, at, segment, offset, count * Float.BYTES);
  }

  /// Sets `bytes` bytes from `at` to zero.
  static void clear(long at, long bytes) {
    ALL.asSlice(at, bytes).fill((byte) 0);
  }
}
