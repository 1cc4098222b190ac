package org.tokapu.engine.sampling;

/// Chance that depends on (seed, position, stream) alone: a counter-based generator without state.
///
/// The number for a position is a hash of the three, so it never depends on what ran beside it, on
/// how a prompt was cut into chunks, or on how many numbers earlier steps used. The hash chains
/// three rounds of the splitmix64 finalizer (Steele, Lea, Flood: Fast Splittable Pseudorandom
/// Number Generators, OOPSLA 2014):
///
/// ```
/// h = mix(seed); h = mix(h + (position + 1) * 0x9E3779B97F4A7C15);
/// h = mix(h + (stream + 1) * 0xD1B54A32D192ED03); uniform = (h >>> 11) * 2^-53
/// ```
///
/// Not thread-safe only in that it remembers a position; [#uniform(long, long, int)] is pure.
public final class CounterRandom {
  /// The stream that the final draw of a token uses.
  public static final int TOKEN = 0;

  /// The stream of [Xtc].
  public static final int XTC = 1;

  private final long seed;
  private long position;

  /// Starts at position 0.
  public CounterRandom(long seed) {
    this.seed = seed;
  }

  /// Goes to a position of the sequence.
  public void moveTo(long newPosition) {
    this.position = newPosition;
  }

  /// Returns the number in `[0, 1)` of the present position and `stream`; the same at every call.
  public double uniform(int stream) {
    return uniform(seed, position, stream);
  }

  /// Returns the number in `[0, 1)` of a seed, a position and a stream.
  public static double uniform(long seed, long position, int stream) {
    long h = mix(seed);
    h = mix(h + (position + 1) * 0x9E3779B97F4A7C15L);
    h = mix(h + (stream + 1) * 0xD1B54A32D192ED03L);
    return (h >>> 11) * 0x1p-53;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
