package org.tokapu.model;

import java.lang.foreign.MemorySegment;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvView;

/// Keys and values that live for one attention call: one page of one layer in scratch memory.
record ScratchKv(KvLayout layout, MemorySegment memory) implements KvView {
  /// Returns the layout of a page that holds `rows` positions of a single layer in float32.
  static KvLayout layoutFor(int rows, int kvHeads, int headDim) {
    int tokens = Math.ceilDiv(rows, KvLayout.TILE) * KvLayout.TILE;
    return new KvLayout(1, kvHeads, headDim, tokens, KvLayout.KvType.F32);
  }

  @Override
  public MemorySegment page(int layer, int index) {
    return memory;
  }
}
