package org.tokapu.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A bump allocator for activations: allocate forwards, [#reset] back to a [#mark].
///
/// Grows by slabs when a step needs more than the last one did, so the steady state allocates
/// nothing. Confined to one thread (kernels may write its tensors from others).
public final class Workspace implements AutoCloseable {
  private static final long SLAB = 16L << 20;

  private record Slab(Arena arena, MemorySegment memory) {}

  private final List<Slab> slabs = new ArrayList<>();
  private int slab;
  private long top;

  /// Creates an empty workspace.
  public Workspace() {}

  /// Returns a `[rows, cols]` tensor with unspecified contents, aligned to a cache line.
  public Tensor tensor(int rows, int cols) {
    long bytes = (long) rows * cols * Float.BYTES;
    return new Tensor(allocate(bytes), rows, cols);
  }

  /// Returns `bytes` of memory with unspecified contents, aligned to a cache line.
  public MemorySegment allocate(long bytes) {
    while (slab < slabs.size() && top + bytes > slabs.get(slab).memory.byteSize()) {
      slab++;
      top = 0;
    }
    if (slab == slabs.size()) {
      Arena arena = Arena.ofShared();
      slabs.add(new Slab(arena, arena.allocate(Math.max(SLAB, bytes), 64)));
      top = 0;
    }
    MemorySegment out = slabs.get(slab).memory.asSlice(top, bytes);
    top = (top + bytes + 63) & ~63L;
    return out;
  }

  /// Returns the current place, for [#reset].
  public long mark() {
    return ((long) slab << 40) | top;
  }

  /// Gives back everything allocated since `mark`.
  public void reset(long mark) {
    slab = (int) (mark >>> 40);
    top = mark & ((1L << 40) - 1);
  }

  /// Returns the bytes held.
  public long capacity() {
    return slabs.stream().mapToLong(s -> s.memory.byteSize()).sum();
  }

  @Override
  public void close() {
    slabs.forEach(s -> s.arena.close());
    slabs.clear();
    slab = 0;
    top = 0;
  }
}
