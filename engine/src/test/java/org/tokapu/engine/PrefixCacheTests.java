package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.model.Inference;
import org.tokapu.model.KvPool;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;

/// The tree of cached pages, filled by a tiny model.
class PrefixCacheTests {
  private static final int PAGE = Inference.PAGE_TOKENS;

  @TempDir Path folder;
  private LanguageModel model;
  private Inference inference;
  private KvPool pool;
  private PrefixCache cache;

  @BeforeEach
  void open() {
    model = TinyModel.open(folder, ModelOptions.defaults().withContext(4 * PAGE).withSequences(3));
    inference = model.inference();
    pool = inference.pool();
    cache = new PrefixCache(pool);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static int[] ids(int seed, int length) {
    return new Random(seed).ints(length, 3, 250).toArray();
  }

  private static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private KvSequence run(KvSequence sequence, int[] ids) {
    if (ids.length > 0) {
      inference.logits(TokenBatch.of(sequence, ids));
    }
    return sequence;
  }

  /// Runs `ids` and leaves them behind.
  private void leave(int[] ids, String scope, int publicTokens) {
    try (KvSequence sequence = cache.take(ids, ids.length - 1, scope)) {
      run(sequence, Arrays.copyOfRange(ids, sequence.length(), ids.length));
      cache.insert(sequence, ids, scope, publicTokens, true);
    }
  }

  private int known(int[] ids, String scope) {
    return cache.match(ids, ids.length, scope).tokens();
  }

  @Test
  void sharesUpToTheFirstTokenThatDiffers() {
    int[] ids = ids(1, 150);
    leave(ids, "a", 0);
    for (int same : new int[] {0, 1, 17, 63, 64, 65, 100, 128, 140, 150}) {
      int[] other = join(Arrays.copyOf(ids, same), new int[] {251, 252});
      assertThat(known(other, "a")).isEqualTo(same);
      assertThat(cache.match(other, same / 2, "a").tokens()).isEqualTo(same / 2);
    }
  }

  @Test
  void aScopeSeesItsOwnAndWhatIsPublic() {
    int[] system = ids(1, 100);
    int[] mine = join(system, ids(2, 60));
    leave(mine, "a", system.length);
    assertThat(known(mine, "a")).isEqualTo(160);
    // The page in which the public part ends is private.
    assertThat(known(mine, "b")).isEqualTo(64);
    int[] yours = join(system, ids(3, 60));
    leave(yours, "b", 0);
    assertThat(known(yours, "b")).isEqualTo(160);
    assertThat(known(yours, "a")).isEqualTo(100);
  }

  @Test
  void whatWasPrivateMayBecomePublic() {
    int[] ids = ids(1, 128);
    leave(ids, "a", 0);
    assertThat(known(ids, "b")).isZero();
    leave(join(ids, ids(2, 5)), "a", 128);
    assertThat(known(ids, "b")).isEqualTo(128);
    assertThat(cache.pages()).isEqualTo(3);
  }

  @Test
  void aLongerLastPageTakesThePlaceOfAShorterOne() {
    int[] ids = ids(1, 64);
    leave(Arrays.copyOf(ids, 10), "a", 0);
    leave(Arrays.copyOf(ids, 30), "a", 0);
    leave(Arrays.copyOf(ids, 20), "a", 0);
    assertThat(cache.pages()).isEqualTo(1);
    leave(ids, "a", 0);
    assertThat(cache.pages()).isEqualTo(1);
    assertThat(known(ids, "a")).isEqualTo(64);
  }

  @Test
  void writingOnASharedPageChangesNobodyElses() {
    int[] ids = ids(1, 40);
    leave(ids, "a", 0);
    int[] other = join(Arrays.copyOf(ids, 20), ids(2, 20));
    leave(other, "a", 0);
    for (int[] prompt : List.of(ids, other)) {
      int[] more = join(prompt, new int[] {7});
      KvSequence reused = cache.take(more, 40, "a");
      assertThat(reused.length()).isEqualTo(40);
      float[] expected = inference.logits(TokenBatch.of(pool.open(), more)).row(0);
      float[] found = inference.logits(TokenBatch.of(reused, 7)).row(0);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void aClaimedPageIsWrittenOnWithoutACopy() {
    int[] ids = ids(1, 2 * PAGE + 5);
    leave(ids, "a", 0);
    int[] prompt = Arrays.copyOf(ids, PAGE + 7);
    try (KvSequence shared = cache.take(prompt, PAGE + 7, "a")) {
      assertThat(shared.pagesFor(1)).isEqualTo(1);
    }
    try (KvSequence claimed = cache.claim(prompt, PAGE + 7, "a")) {
      assertThat(claimed.length()).isEqualTo(PAGE + 7);
      assertThat(claimed.pagesFor(1)).isZero();
      assertThat(pool.limit() - pool.freePages()).isEqualTo(2);
    }
    assertThat(known(ids, "a")).isEqualTo(PAGE);
    assertThat(pool.idlePages()).isEqualTo(cache.pages()).isEqualTo(1);
  }

  @Test
  void theLongestUnusedLeavesFirstAndNoneThatIsHeld() {
    leave(ids(1, 2 * PAGE), "a", 0);
    leave(ids(2, 2 * PAGE), "a", 0);
    leave(ids(3, 2 * PAGE), "a", 0);
    KvSequence held = cache.take(ids(1, 2 * PAGE), 2 * PAGE, "a");
    assertThat(pool.freePages()).isEqualTo(6);
    assertThat(pool.idlePages()).isEqualTo(4);
    run(pool.open(), ids(4, 4 * PAGE));
    run(pool.open(), ids(5, 3 * PAGE));
    assertThat(known(ids(1, 2 * PAGE), "a")).isEqualTo(2 * PAGE);
    assertThat(known(ids(2, 2 * PAGE), "a")).isEqualTo(PAGE);
    assertThat(known(ids(3, 2 * PAGE), "a")).isEqualTo(2 * PAGE);
    run(pool.open(), ids(6, 2 * PAGE));
    assertThat(known(ids(2, 2 * PAGE), "a")).isZero();
    assertThat(known(ids(3, 2 * PAGE), "a")).isEqualTo(PAGE);
    held.close();
    assertThat(pool.idlePages()).isEqualTo(3);
  }

  @Test
  void aScopeIsForgotten() {
    int[] ids = ids(1, 100);
    leave(ids, "a", 64);
    leave(ids(2, 100), "b", 0);
    cache.forget("a");
    assertThat(known(ids, "a")).isEqualTo(64);
    assertThat(known(ids(2, 100), "b")).isEqualTo(100);
    assertThat(pool.idlePages()).isEqualTo(cache.pages()).isEqualTo(3);
  }

  /// Beside a plain list of everything that was left behind.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void findsWhatAPlainSearchFinds(long seed) {
    Random random = new Random(seed);
    PrefixCache large = cache;
    record Left(int[] ids, String scope) {}
    List<Left> left = new ArrayList<>();
    int pages = 0;
    while (pages < 9) {
      int[] base = left.isEmpty() ? new int[0] : left.get(random.nextInt(left.size())).ids;
      int keep = random.nextInt(base.length + 1);
      int more = 1 + random.nextInt(90);
      int[] ids =
          Arrays.copyOf(
              join(Arrays.copyOf(base, keep), ids(random.nextInt(4), more)),
              Math.min(keep + more, 4 * PAGE));
      String scope = "s" + random.nextInt(2);
      leave(ids, scope, 0);
      left.add(new Left(ids, scope));
      pages = large.pages() + Math.ceilDiv(ids.length, PAGE);
      int expected =
          left.stream()
              .filter(l -> l.scope.equals(scope))
              .mapToInt(l -> common(l.ids, ids))
              .max()
              .orElse(0);
      assertThat(known(ids, scope)).isEqualTo(expected);
    }
    assertThat(pool.idlePages()).isEqualTo(cache.pages());
    assertThat(pool.freePages() + pool.idlePages()).isEqualTo(pool.limit());
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  @Test
  void pagesOfOneSequenceAreAdoptedByAnother() {
    int[] ids = ids(1, 2 * PAGE);
    KvSequence one = run(pool.open(), ids);
    KvSequence two = run(pool.open(), ids);
    cache.insert(one, ids, "a", 0, false);
    cache.insert(two, ids, "a", 0, false);
    assertThat(pool.limit() - pool.freePages()).isEqualTo(2);
    IntStream.range(0, 2).forEach(i -> assertThat(two.page(i)).isSameAs(one.page(i)));
    one.close();
    two.close();
    assertThat(pool.idlePages()).isEqualTo(2);
  }
}
