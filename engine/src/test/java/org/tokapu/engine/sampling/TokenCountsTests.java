package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenCountsTests {
  @Test
  void equalACountFromScratch() {
    for (int window : new int[] {-1, 0, 1, 5, 64, 300}) {
      Random random = new Random(window);
      TokenCounts counts = new TokenCounts(window);
      TokenBuffer history = new TokenBuffer();
      for (int step = 0; step < 2000; step++) {
        // Several tokens between two looks, ids that come in waves.
        for (int n = random.nextInt(3); n >= 0; n--) {
          history.add(step / 200 * 100 + random.nextInt(90));
        }
        if (step % 7 == 0 || step > 1900) {
          counts.update(history);
          Map<Integer, Integer> found = new HashMap<>();
          counts.forEach((id, n) -> assertThat(found.put(id, n)).isNull());
          assertThat(found).isEqualTo(fromScratch(history, window));
        }
      }
    }
  }

  @Test
  void forgetAHistoryThatGotShorter() {
    TokenCounts counts = new TokenCounts(-1);
    counts.update(new TokenBuffer(1, 1, 2));
    counts.update(new TokenBuffer(3));
    Map<Integer, Integer> found = new HashMap<>();
    counts.forEach(found::put);
    assertThat(found).isEqualTo(Map.of(3, 1));
  }

  private static Map<Integer, Integer> fromScratch(TokenHistory history, int window) {
    Map<Integer, Integer> counts = new HashMap<>();
    int from = window < 0 ? 0 : Math.max(0, history.length() - window);
    for (int i = from; i < history.length(); i++) {
      counts.merge(history.token(i), 1, Integer::sum);
    }
    return counts;
  }
}
