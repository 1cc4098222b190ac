package org.tokapu.tensor.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A line of ones, the scales of weights that have none.
final class Ones {
  private static final MemorySegment MEMORY =
      Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, ones());

  /// Its address.
  static final long LINE_OF_ONES = MEMORY.address();

  private Ones() {}

  private static float[] ones() {
    float[] ones = new float[Lanes.LINE_ROWS];
    Arrays.fill(ones, 1);
    return ones;
  }
}
