package org.tokapu.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Cosines and sines of rotary positions: `[positions, pairs]` each, float32.
///
/// The rotation turns the first `2 * pairs` elements of each head; the rest pass through. Where the
/// two elements of a pair lie is data: side by side (`INTERLEAVED`, GGUF llama files) or half the
/// rotated width apart (`HALVES`, Hugging Face). Immutable; owns no memory.
public final class RopeTable {
  /// Where the two elements of pair `i` lie in a head.
  public enum Layout {
    /// `2i` and `2i + 1`.
    INTERLEAVED,
    /// `i` and `i + pairs`.
    HALVES
  }

  private final MemorySegment cos;
  private final MemorySegment sin;
  private final int positions;
  private final int pairs;
  private final Layout layout;

  /// Fills a table whose angle at `position` and pair `i` is `position * frequencies[i]`.
  ///
  /// @param magnitude multiplies cosines and sines alike (YaRN's attention factor), otherwise 1
  public RopeTable(
      Arena arena, int positions, float[] frequencies, float magnitude, Layout layout) {
    this.positions = positions;
    this.pairs = frequencies.length;
    this.layout = layout;
    cos = arena.allocate((long) positions * pairs * Float.BYTES, 64);
    sin = arena.allocate((long) positions * pairs * Float.BYTES, 64);
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < pairs; i++) {
        // The angle is rounded to float32 as the reference implementations do it.
        float angle = p * frequencies[i];
        long at = (long) p * pairs + i;
        cos.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) Math.cos(angle) * magnitude);
        sin.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) Math.sin(angle) * magnitude);
      }
    }
  }

  /// Returns the cosines, `[positions, pairs]`.
  public MemorySegment cos() {
    return cos;
  }

  /// Returns the sines, `[positions, pairs]`.
  public MemorySegment sin() {
    return sin;
  }

  /// Returns one cosine.
  public float cos(int position, int pair) {
    return cos.getAtIndex(ValueLayout.JAVA_FLOAT, (long) position * pairs + pair);
  }

  /// Returns one sine.
  public float sin(int position, int pair) {
    return sin.getAtIndex(ValueLayout.JAVA_FLOAT, (long) position * pairs + pair);
  }

  /// Returns how many positions are tabulated.
  public int positions() {
    return positions;
  }

  /// Returns how many pairs of a head rotate.
  public int pairs() {
    return pairs;
  }

  /// Returns where the elements of a pair lie.
  public Layout layout() {
    return layout;
  }
}
