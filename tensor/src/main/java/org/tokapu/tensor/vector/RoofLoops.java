package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;
import static org.tokapu.tensor.vector.Lanes.INTS;
import static org.tokapu.tensor.vector.Lanes.ORDER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The two loops by which a machine's best rates are measured: reading, and multiplying.
///
/// Workers use them at the same time, each by its own number.
public final class RoofLoops implements AutoCloseable {
  private static final int PIECE = 4 << 20;
  private static final int STEPS = 1 << 20;

  /// Floating-point operations of one [#multiply].
  public static final double FLOPS = 2.0 * STEPS * 12 * COUNT;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  /// Results, a cache line apart, so that no loop can be left out.
  private final float[] kept;

  /// Takes `bytes` of memory.
  public RoofLoops(long bytes, int workers) {
    memory = arena.allocate(bytes, 64);
    memory.fill((byte) 1);
    kept = new float[32 * workers];
  }

  /// Returns the bytes of all pieces.
  public double bytes() {
    return memory.byteSize();
  }

  /// Returns how many pieces the memory has.
  public int pieces() {
    return (int) (memory.byteSize() / PIECE);
  }

  /// Reads one piece.
  public void read(int piece, int worker) {
    kept[32 * worker] += sum(memory.asSlice((long) piece * PIECE, PIECE));
  }

  private static int sum(MemorySegment from) {
    IntVector a = IntVector.zero(INTS);
    IntVector b = a;
    IntVector c = a;
    IntVector d = a;
    int bytes = 4 * COUNT;
    for (int i = 0; i < PIECE; i += 4 * bytes) {
      a = a.add(IntVector.fromMemorySegment(INTS, from, i, ORDER));
      b = b.add(IntVector.fromMemorySegment(INTS, from, i + bytes, ORDER));
      c = c.add(IntVector.fromMemorySegment(INTS, from, i + 2L * bytes, ORDER));
      d = d.add(IntVector.fromMemorySegment(INTS, from, i + 3L * bytes, ORDER));
    }
    return a.add(b).add(c.add(d)).lane(0);
  }

  /// Multiplies and adds [#FLOPS] times.
  public void multiply(int worker) {
    float[] sums = new float[COUNT];
    products(sums);
    kept[32 * worker] += sums[0];
  }

  /// Twelve sums hide the latency of two units with up to six cycles each.
  private static void products(float[] out) {
    FloatVector x = FloatVector.broadcast(FLOATS, 0.5f);
    FloatVector a = x;
    FloatVector b = x;
    FloatVector c = x;
    FloatVector d = x;
    FloatVector e = x;
    FloatVector f = x;
    FloatVector g = x;
    FloatVector h = x;
    FloatVector i = x;
    FloatVector j = x;
    FloatVector k = x;
    FloatVector l = x;
    for (int s = 0; s < STEPS; s++) {
      a = a.fma(x, x);
      b = b.fma(x, x);
      c = c.fma(x, x);
      d = d.fma(x, x);
      e = e.fma(x, x);
      f = f.fma(x, x);
      g = g.fma(x, x);
      h = h.fma(x, x);
      i = i.fma(x, x);
      j = j.fma(x, x);
      k = k.fma(x, x);
      l = l.fma(x, x);
    }
    a.add(b)
        .add(c.add(d))
        .add(e.add(f).add(g.add(h)))
        .add(i.add(j).add(k.add(l)))
        .intoArray(out, 0);
  }

  @Override
  public void close() {
    arena.close();
  }
}
