package org.tokapu.tensor;

import java.lang.foreign.MemorySegment;

/// The cached keys and values of one sequence, as kernels read and write them.
///
/// Position `p` lies in page `p / pageTokens`, at `p % pageTokens`. Pages need not be adjacent, and
/// several sequences may share them; only pages that this sequence alone owns are written to.
public interface KvView {
  /// Returns the shape of a page.
  KvLayout layout();

  /// Returns the memory of one page of one layer, [KvLayout#layerBytes] long.
  MemorySegment page(int layer, int index);
}
