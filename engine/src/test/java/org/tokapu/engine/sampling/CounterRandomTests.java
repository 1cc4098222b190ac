package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class CounterRandomTests {
  private static final int DRAWS = 100_000;
  // Chi-square with 99 degrees of freedom exceeds 160.1 with probability 1e-4, and falls below 52.4
  // as rarely. The seeds are fixed, so these tests never flicker.
  private static final double LEAST = 52.4;
  private static final double MOST = 160.1;

  private static double chiSquare(IntToDoubleFunction number) {
    int[] cells = new int[100];
    for (int i = 0; i < DRAWS; i++) {
      double u = number.applyAsDouble(i);
      assertThat(u).isGreaterThanOrEqualTo(0).isLessThan(1);
      cells[(int) (u * 100)]++;
    }
    double expected = DRAWS / 100.0;
    double sum = 0;
    for (int n : cells) {
      sum += (n - expected) * (n - expected) / expected;
    }
    return sum;
  }

  private static double pair(double first, double second) {
    return ((int) (first * 10) + (int) (second * 10) / 10.0) / 10 + 1e-9;
  }

  @Test
  void positionsAreUniform() {
    for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE}) {
      assertThat(chiSquare(i -> CounterRandom.uniform(seed, i, 0))).isBetween(LEAST, MOST);
    }
  }

  @Test
  void seedsAreUniformAtOnePosition() {
    assertThat(chiSquare(i -> CounterRandom.uniform(i, 7, 0))).isBetween(LEAST, MOST);
  }

  @Test
  void neighboursAreIndependent() {
    assertThat(
            chiSquare(
                i -> pair(CounterRandom.uniform(3, i, 0), CounterRandom.uniform(3, i + 1, 0))))
        .isBetween(LEAST, MOST);
    assertThat(
            chiSquare(
                i -> pair(CounterRandom.uniform(i, 5, 0), CounterRandom.uniform(i + 1, 5, 0))))
        .isBetween(LEAST, MOST);
    assertThat(chiSquare(i -> pair(CounterRandom.uniform(3, i, 0), CounterRandom.uniform(3, i, 1))))
        .isBetween(LEAST, MOST);
    // A seed and a position of the same sum must not meet.
    assertThat(
            chiSquare(
                i -> pair(CounterRandom.uniform(i, 5, 0), CounterRandom.uniform(i + 1, 4, 0))))
        .isBetween(LEAST, MOST);
  }

  @Test
  void theSamePlaceGivesTheSameNumber() {
    CounterRandom random = new CounterRandom(9);
    random.moveTo(4);
    double first = random.uniform(0);
    random.uniform(1);
    random.moveTo(5);
    random.uniform(0);
    random.moveTo(4);
    assertThat(random.uniform(0)).isEqualTo(first).isEqualTo(CounterRandom.uniform(9, 4, 0));
  }
}
