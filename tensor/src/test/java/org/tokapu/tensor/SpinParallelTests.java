package org.tokapu.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpinParallelTests {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void doesEveryPieceOnceAndNeverTwoOnOneWorker(int threads) {
    try (SpinParallel parallel = SpinParallel.of(threads)) {
      assertThat(parallel.width()).isEqualTo(threads);
      AtomicIntegerArray busy = new AtomicIntegerArray(threads);
      for (int phase = 0; phase < 300; phase++) {
        int tasks = phase % 40;
        AtomicIntegerArray done = new AtomicIntegerArray(40);
        parallel.run(
            tasks,
            (index, worker) -> {
              assertThat(busy.getAndIncrement(worker)).isZero();
              done.incrementAndGet(index);
              busy.decrementAndGet(worker);
            });
        for (int i = 0; i < 40; i++) {
          assertThat(done.get(i)).isEqualTo(i < tasks ? 1 : 0);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void plainWritesOfPiecesAreSeenByTheCaller(int threads) {
    try (SpinParallel parallel = SpinParallel.of(threads)) {
      int[] values = new int[64];
      for (int phase = 1; phase < 20_000; phase++) {
        int value = phase;
        parallel.run(values.length, (index, worker) -> values[index] = value);
        for (int seen : values) {
          assertThat(seen).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void wakesAfterParking() throws InterruptedException {
    try (SpinParallel parallel = SpinParallel.of(4)) {
      AtomicLong sum = new AtomicLong();
      for (int i = 0; i < 20; i++) {
        Thread.sleep(3);
        parallel.run(100, (index, worker) -> sum.addAndGet(index));
      }
      assertThat(sum).hasValue(20 * 4950);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void rethrowsAndGoesOn(int threads) {
    try (SpinParallel parallel = SpinParallel.of(threads)) {
      for (int i = 0; i < 50; i++) {
        assertThatThrownBy(() ->
                parallel.run(
                    20,
                    (index, worker) -> {
                      if (index == 13) {
                        throw new IllegalArgumentException("piece 13");
                      }
                    }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("piece 13");
        AtomicLong count = new AtomicLong();
        parallel.run(20, (index, worker) -> count.incrementAndGet());
        assertThat(count).hasValue(20);
      }
    }
  }

  @Test
  void refusesNestedCallsAndCallsAfterClose() {
    SpinParallel parallel = SpinParallel.of(2);
    assertThatThrownBy(() -> parallel.run(2, (index, worker) -> parallel.run(2, (i, w) -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nested");
    parallel.close();
    assertThatThrownBy(() -> parallel.run(1, (index, worker) -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> SpinParallel.of(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
