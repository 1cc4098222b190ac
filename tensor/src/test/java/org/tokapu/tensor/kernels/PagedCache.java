package org.tokapu.tensor.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvView;

/// A cache for tests: pages in random order, filled with not-a-number bytes so that a read of what
/// nobody wrote shows.
record PagedCache(KvLayout layout, List<MemorySegment> pages) implements KvView {
  static PagedCache of(Arena arena, KvLayout layout, int positions, long seed) {
    List<MemorySegment> pages = new ArrayList<>();
    int count = (positions + layout.pageTokens() - 1) / layout.pageTokens();
    for (int i = 0; i < count; i++) {
      pages.add(arena.allocate(layout.pageBytes(), 64).fill((byte) 0xff));
    }
    Collections.shuffle(pages, new Random(seed));
    return new PagedCache(layout, pages);
  }

  @Override
  public MemorySegment page(int layer, int index) {
    return pages.get(index).asSlice(layer * layout.layerBytes(), layout.layerBytes());
  }
}
