package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;

class LogProbsTests {
  @Test
  void equalTheGoldenProbabilities() {
    int compared = 0;
    for (JsonObject c : GoldenLogits.FILE.objects("cases")) {
      if (!c.list("steps").toString().equals("[{temperature=1}]")) {
        continue;
      }
      float[] logits = GoldenLogits.vector(c.text("logits").orElseThrow());
      int[] ids = GoldenLogits.ids(c.list("ids"));
      double[] probabilities = GoldenLogits.doubles(c.list("probs"));
      for (int i = 0; i < ids.length; i++) {
        LogProbs found = LogProbs.of(logits, ids[i], 5);
        // The golden probabilities have 8 digits.
        assertThat(found.logProb()).isCloseTo(Math.log(probabilities[i]), within(1e-6));
        assertThat(found.top()).hasSize(5);
        for (int k = 0; k < 5; k++) {
          assertThat(found.top().get(k).id()).isEqualTo(ids[k]);
          assertThat(found.top().get(k).logProb())
              .isCloseTo(Math.log(probabilities[k]), within(1e-6));
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(4 * 32 * 5);
  }

  @Test
  void stayExactForHugeAndTinyLogits() {
    float[] logits = {1e30f, 1e30f, -1e30f, Float.NEGATIVE_INFINITY};
    assertThat(LogProbs.of(logits, 0, 0).logProb()).isCloseTo(-Math.log(2), within(1e-12));
    assertThat(LogProbs.of(logits, 3, 0).logProb()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(LogProbs.of(logits, 0, 9).top()).hasSize(3);
    float[] many = new float[100_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = -900;
    }
    assertThat(LogProbs.of(many, 7, 1).logProb()).isCloseTo(-Math.log(100_000), within(1e-9));
  }

  @Test
  void sumToOne() {
    Random random = new Random(4);
    float[] logits = new float[3000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian() * 8;
    }
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      sum += Math.exp(LogProbs.of(logits, id));
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
  }

  @Test
  void refuseNumbersThatAreNone() {
    assertThatThrownBy(() -> LogProbs.of(new float[] {1, Float.NaN}, 0, 1))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("token 1");
  }
}
