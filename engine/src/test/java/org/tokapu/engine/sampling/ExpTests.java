package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpTests {
  @Test
  void isCloseToTheExponential() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      double x = -random.nextDouble() * (i % 2 == 0 ? 64 : 1);
      double expected = StrictMath.exp(x);
      assertThat(Math.abs(Exp.of(x) - expected) <= 4e-13 * expected).as("%s", x).isTrue();
    }
  }

  @Test
  void knowsTheExtremes() {
    assertThat(Exp.of(0)).isEqualTo(1);
    assertThat(Exp.of(-0.0)).isEqualTo(1);
    assertThat(Exp.of(-1e300)).isBetween(0.0, 1.7e-28);
    assertThat(Exp.of(Double.NEGATIVE_INFINITY)).isBetween(0.0, 1.7e-28);
    assertThat(Exp.of(Double.NaN)).isNaN();
  }

  @Test
  void manyAreTheSameAsOne() {
    float[] x = new float[1003];
    double[] out = new double[1003];
    Random random = new Random(2);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian() * 9;
    }
    for (int round = 0; round < 2000; round++) { // also after compilation
      Exp.weights(x, 40, 0.7, out, x.length);
    }
    for (int i = 0; i < x.length; i++) {
      assertThat(out[i]).isEqualTo(Exp.of((x[i] - 40.0) * 0.7));
    }
  }

  @Test
  void sumsEverything() {
    double[] x = {1, 2, 4, 8, 16, 32, 64, 128};
    for (int n = 0; n <= 8; n++) {
      assertThat(Exp.sum(x, n)).isEqualTo((1 << n) - 1);
    }
  }
}
