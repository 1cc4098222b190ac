package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.INTS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Loads from absolute addresses of this process, for inner loops over packed weights and caches.
///
/// One segment over the whole address space costs no more than unchecked access, where bounds and
/// life of several segments would be checked at every load. So the callers answer for both: sizes
/// follow from shapes that were checked, and the owner is alive while a kernel runs.
final class Native {
  /// The address space.
  @SuppressWarnings("restricted") // see above
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /// The order of bytes in packed weights.
  static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

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

  private Native() {}

  static ShortVector shorts(long at) {
    return ShortVector.fromMemorySegment(SHORTS, ALL, at, LITTLE);
  }

  static IntVector ints(long at) {
    return IntVector.fromMemorySegment(INTS, ALL, at, LITTLE);
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
}
