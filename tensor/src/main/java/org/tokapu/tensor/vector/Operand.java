package org.tokapu.tensor.vector;

/// Sixteen columns of a weight, unpacked to float32 for [Panels]; reused, one per worker and half.
final class Operand {
  /// Address of the lines, one per input.
  long lines;

  /// Address of the scales, one line per group.
  long scales;

  /// Bytes from one group's scales to the next; 0 where all are one.
  int scaleStep;

  /// Address of the offsets, one line per group.
  long offsets;

  /// Whether there are offsets.
  boolean offset;
}
