package org.tokapu.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.tensor.KvLayout;

/// The pages of cached keys and values of all sequences of one model.
///
/// A page holds [KvLayout#pageTokens] positions of every layer. Pages are allocated when first
/// needed, up to a limit, and counted by the sequences that share them. Owns its memory. All methods
/// belong to the thread that runs the model.
public final class KvPool implements AutoCloseable {
  /// One page: a memory segment per layer, and how many sequences hold it.
  static final class Page {
    final MemorySegment[] layers;
    int holders;

    Page(MemorySegment memory, KvLayout layout) {
      layers = new MemorySegment[layout.layers()];
      for (int l = 0; l < layers.length; l++) {
        layers[l] = memory.asSlice(l * layout.layerBytes(), layout.layerBytes());
      }
    }
  }

  private final Arena arena = Arena.ofShared();
  private final KvLayout layout;
  private final int limit;
  private final Deque<Page> free = new ArrayDeque<>();
  private final List<Page> all = new ArrayList<>();

  /// Creates an empty pool.
  ///
  /// @param limit the most pages it will ever hold
  public KvPool(KvLayout layout, int limit) {
    this.layout = layout;
    this.limit = limit;
  }

  /// Returns the shape of a page.
  public KvLayout layout() {
    return layout;
  }

  /// Returns how many pages may still be taken.
  public int freePages() {
    return limit - all.size() + free.size();
  }

  /// Starts an empty sequence.
  public KvSequence open() {
    return new KvSequence(this);
  }

  /// Returns a page that nobody holds yet, held once.
  Page take() {
    Page page = free.poll();
    if (page == null) {
      if (all.size() == limit) {
        throw new OutOfCapacityException(
            ("the key/value memory is full: all %d pages of %d tokens are in use;"
                    + " close a sequence, or open the model with a larger context")
                .formatted(limit, layout.pageTokens()));
      }
      page = new Page(arena.allocate(layout.pageBytes(), 64), layout);
      all.add(page);
    }
    page.holders = 1;
    return page;
  }

  /// Gives up one hold on a page.
  void release(Page page) {
    if (--page.holders == 0) {
      free.push(page);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
