package org.tokapu.model;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.KvView;

/// The cached keys and values of one sequence: a list of pages, some perhaps shared with others.
///
/// Only [Inference] writes to it. Belongs to the thread that runs the model.
public final class KvSequence implements KvView, AutoCloseable {
  private final KvPool pool;
  private final List<KvPool.Page> pages = new ArrayList<>();
  private int length;

  KvSequence(KvPool pool) {
    this.pool = pool;
  }

  KvSequence(KvPool pool, List<KvPool.Page> shared, int length) {
    this.pool = pool;
    shared.forEach(pool::hold);
    pages.addAll(shared);
    this.length = length;
  }

  /// Returns how many positions are cached.
  public int length() {
    return length;
  }

  @Override
  public KvLayout layout() {
    return pool.layout();
  }

  @Override
  public MemorySegment page(int layer, int index) {
    return pages.get(index).layers[layer];
  }

  /// Returns another sequence that begins like this one; whole pages are shared, the rest of the
  /// last one is copied when either writes to it.
  ///
  /// @param prefix how many positions it takes over
  public KvSequence fork(int prefix) {
    if (prefix < 0 || prefix > length) {
      throw new IllegalArgumentException(
          "prefix must lie in 0..%d, is %d".formatted(length, prefix));
    }
    int count = Math.ceilDiv(prefix, layout().pageTokens());
    return new KvSequence(pool, pages.subList(0, count), prefix);
  }

  /// Returns the page at `index`.
  public KvPool.Page page(int index) {
    return pages.get(index);
  }

  /// Takes a page that holds the same keys and values in place of its own.
  public void adopt(int index, KvPool.Page page) {
    pool.hold(page);
    pool.release(pages.set(index, page));
  }

  /// Returns how many pages it would have to take to grow by `rows`, the copy of a last page that
  /// is shared included.
  public int pagesFor(int rows) {
    if (rows == 0) {
      return 0;
    }
    int needed = Math.ceilDiv(length + rows, layout().pageTokens()) - pages.size();
    return Math.max(0, needed) + (sharesLastPage() ? 1 : 0);
  }

  /// Whether the next position lies on a page that others hold too.
  private boolean sharesLastPage() {
    int partial = length / layout().pageTokens();
    return length % layout().pageTokens() != 0 && pages.get(partial).holders > 1;
  }

  /// Forgets everything from `newLength` on.
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "length must lie in 0..%d, is %d".formatted(length, newLength));
    }
    int keep = Math.ceilDiv(newLength, layout().pageTokens());
    while (pages.size() > keep) {
      pool.release(pages.removeLast());
    }
    length = newLength;
  }

  /// Makes room for `rows` more positions on pages that nobody else holds; all or nothing.
  void reserve(int rows) {
    int perPage = layout().pageTokens();
    if (sharesLastPage()) {
      int partial = length / perPage;
      KvPool.Page shared = pages.get(partial);
      KvPool.Page own = pool.take();
      for (int l = 0; l < own.layers.length; l++) {
        own.layers[l].copyFrom(shared.layers[l]);
      }
      pool.release(shared);
      pages.set(partial, own);
    }
    int before = pages.size();
    int needed = Math.ceilDiv(length + rows, perPage);
    try {
      while (pages.size() < needed) {
        pages.add(pool.take());
      }
    } catch (RuntimeException e) {
      while (pages.size() > before) {
        pool.release(pages.removeLast());
      }
      throw e;
    }
  }

  /// Counts `rows` positions as cached, once every layer has stored them.
  void advance(int rows) {
    length += rows;
  }

  /// Gives its pages back to the pool. Harmless if repeated.
  @Override
  public void close() {
    truncate(0);
  }
}
