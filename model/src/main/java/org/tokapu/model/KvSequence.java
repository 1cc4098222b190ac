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

  /// Returns another sequence that begins like this one; whole pages are shared, the rest of the last
  /// one is copied when either writes to it.
  ///
  /// @param prefix how many positions it takes over
  public KvSequence fork(int prefix) {
    if (prefix < 0 || prefix > length) {
      throw new IllegalArgumentException(
          "prefix must lie in 0..%d, is %d".formatted(length, prefix));
    }
    KvSequence out = new KvSequence(pool);
    int count = Math.ceilDiv(prefix, layout().pageTokens());
    for (int i = 0; i < count; i++) {
      KvPool.Page page = pages.get(i);
      page.holders++;
      out.pages.add(page);
    }
    out.length = prefix;
    return out;
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
    int partial = length % perPage == 0 ? -1 : length / perPage;
    if (partial >= 0 && partial < pages.size() && pages.get(partial).holders > 1) {
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
