package org.tokapu.engine;

import org.tokapu.model.KvPool;
import org.tokapu.model.KvSequence;

/// The pages of a pool as sequences take them: what others have left behind first.
final class SequencePages implements Scheduler.Pages<Sequence> {
  private final KvPool pool;
  private final PrefixCache cache;
  private long reused;
  private long preemptions;

  SequencePages(KvPool pool) {
    this.pool = pool;
    cache = new PrefixCache(pool);
  }

  PrefixCache cache() {
    return cache;
  }

  /// Returns how many prompt tokens did not have to be computed so far.
  long reused() {
    return reused;
  }

  long preemptions() {
    return preemptions;
  }

  @Override
  public int available() {
    return pool.freePages() + pool.idlePages();
  }

  @Override
  public int needed(Sequence sequence, int rows) {
    KvSequence kv = sequence.kv();
    if (kv != null) {
      return kv.pagesFor(rows);
    }
    int length = sequence.tokens().length();
    int pageTokens = pool.layout().pageTokens();
    int pages = Math.ceilDiv(length, pageTokens);
    if (!sequence.shares()) {
      return pages;
    }
    PrefixCache.Match match =
        cache.match(sequence.tokens().slice(0, length), length - 1, sequence.scope());
    return pages - match.tokens() / pageTokens + match.idlePages();
  }

  @Override
  public void begin(Sequence sequence) {
    boolean again = sequence.begun();
    KvSequence kv = sequence.shares() ? take(sequence) : pool.open();
    reused += again ? 0 : kv.length();
    sequence.hold(kv);
  }

  /// All but the last token, whose logits are needed, may come from others.
  private KvSequence take(Sequence sequence) {
    int length = sequence.tokens().length();
    int[] ids = sequence.tokens().slice(0, length);
    KvSequence kv = cache.take(ids, length - 1, sequence.scope());
    if (kv.pagesFor(length - kv.length()) > available()) { // no room for a copy of the last page
      kv.close();
      kv = cache.claim(ids, length - 1, sequence.scope());
    }
    if (kv.pagesFor(length - kv.length()) > available()) {
      int pageTokens = pool.layout().pageTokens();
      kv.truncate(kv.length() / pageTokens * pageTokens);
    }
    return kv;
  }

  @Override
  public void giveUp(Sequence sequence) {
    preemptions++;
    release(sequence, true);
  }

  /// Keeps the whole pages of a sequence that goes on.
  void keep(Sequence sequence) {
    KvSequence kv = sequence.kv();
    if (kv != null && sequence.shares()) {
      insert(sequence, kv, false);
    }
  }

  /// Takes all pages from a sequence.
  ///
  /// @param keep whether others may use what it has computed
  void release(Sequence sequence, boolean keep) {
    KvSequence kv = sequence.kv();
    if (kv == null) {
      return;
    }
    if (keep && sequence.shares()) {
      insert(sequence, kv, true);
    }
    kv.close();
    sequence.hold(null);
  }

  private void insert(Sequence sequence, KvSequence kv, boolean partial) {
    cache.insert(
        kv,
        sequence.tokens().slice(0, kv.length()),
        sequence.scope(),
        sequence.publicTokens(),
        partial);
  }
}
