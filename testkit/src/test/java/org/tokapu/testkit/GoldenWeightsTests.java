package org.tokapu.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoldenWeightsTests {
  @Test
  void givesTheValuesOfTheTable() {
    assertThat(GoldenWeights.fnv1a64("a")).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(Float.floatToIntBits(GoldenWeights.values("a", 0, 1, 0, 1)[0]))
        .isEqualTo(0xbe0358f8);
    assertThat(
            Float.floatToIntBits(
                GoldenWeights.values("model.embed_tokens.weight", 1, 3072, 0, 0.25f)[3071]))
        .isEqualTo(0x3dc59c54);
    assertThat(
            Float.floatToIntBits(GoldenWeights.values("model.norm.weight", 8, 32, 1, 0.375f)[31]))
        .isEqualTo(0x3f83abcb);
    assertThat(Float.floatToIntBits(GoldenWeights.values("한글", -1, 6, 0, 4)[5]))
        .isEqualTo(0xbfe33c14);
  }
}
