package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpTests {
  @Test
  void isWithinTwoUnitsInTheLastPlace() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      double x = (random.nextDouble() - 0.5) * (i % 2 == 0 ? 1400 : 60);
      double expected = StrictMath.exp(x);
      assertThat(Math.abs(Exp.of(x) - expected) <= 2 * Math.ulp(expected)).as("%s", x).isTrue();
    }
  }

  @Test
  void knowsTheExtremes() {
    assertThat(Exp.of(0)).isEqualTo(1);
    assertThat(Exp.of(-0.0)).isEqualTo(1);
    assertThat(Exp.of(-701)).isZero();
    assertThat(Exp.of(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(Exp.of(701)).isInfinite();
    assertThat(Exp.of(Double.NaN)).isNaN();
  }
}
