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
/// needed, up to a limit, and counted by the sequences that share them. A keeper may [#keep] pages
/// beyond the sequences that filled them; it is asked to [#drop] some when there are no others.
/// Owns its memory. All methods belong to the thread that runs the model.
public final class KvPool implements AutoCloseable {
  /// One page: a memory segment per layer, and how many hold it, sequences and the keeper.
  public static final class Page {
    final MemorySegment[] layers;
    int holders;
    boolean kept;

    Page(MemorySegment memory, KvLayout layout) {
      layers = new MemorySegment[layout.layers()];
      for (int l = 0; l < layers.length; l++) {
        layers[l] = memory.asSlice(l * layout.layerBytes(), layout.layerBytes());
      }
    }

    /// Returns whether the keeper alone holds it.
    public boolean idle() {
      return kept && holders == 1;
    }
  }

  private final Arena arena = Arena.ofShared();
  private final KvLayout layout;
  private final int limit;
  private final Deque<Page> free = new ArrayDeque<>();
  private final List<Page> all = new ArrayList<>();
  private int idle;
  private Runnable reclaim = () -> {};

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

  /// Returns the most pages it will ever hold.
  public int limit() {
    return limit;
  }

  /// Returns how many pages only the keeper holds; they too can be had.
  public int idlePages() {
    return idle;
  }

  /// Sets what is run when every page is held: it should [#drop] one that is idle.
  public void reclaimBy(Runnable action) {
    reclaim = action;
  }

  /// Starts an empty sequence.
  public KvSequence open() {
    return new KvSequence(this);
  }

  /// Starts a sequence that begins with pages of others.
  ///
  /// @param pages pages that are held by somebody, in order
  /// @param length how many positions it takes over, on the last of them at least one
  public KvSequence open(List<Page> pages, int length) {
    if (Math.ceilDiv(length, layout.pageTokens()) != pages.size()) {
      throw new IllegalArgumentException(
          "%d positions do not fill %d pages".formatted(length, pages.size()));
    }
    return new KvSequence(this, pages, length);
  }

  /// Holds a page beyond the sequences that do; once for each page.
  public void keep(Page page) {
    if (page.kept) {
      throw new IllegalStateException("the page is kept already");
    }
    hold(page);
    page.kept = true;
  }

  /// Gives up what [#keep] holds.
  public void drop(Page page) {
    if (!page.kept) {
      throw new IllegalStateException("the page is not kept");
    }
    idle -= page.holders == 1 ? 1 : 0;
    page.kept = false;
    release(page);
  }

  /// Returns a page that nobody holds yet, held once.
  Page take() {
    if (free.isEmpty() && all.size() == limit && idle > 0) {
      reclaim.run();
    }
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

  /// Holds a page once more.
  void hold(Page page) {
    idle -= page.idle() ? 1 : 0;
    page.holders++;
  }

  /// Gives up one hold on a page.
  void release(Page page) {
    if (--page.holders == 0) {
      free.push(page);
    }
    idle += page.idle() ? 1 : 0;
  }

  @Override
  public void close() {
    arena.close();
  }
}
