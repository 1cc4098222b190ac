package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.model.TokenBatch;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.TestData;

/// Vectors beside the hidden states that transformers computed.
class EmbeddingTests {
  private static final JsonObject GOLDEN = TestData.json("golden/llama-mha.json");
  private static final JsonObject FULL =
      GOLDEN.objects("cases").stream()
          .filter(c -> c.text("case").orElseThrow().equals("full"))
          .findFirst()
          .orElseThrow();
  private static final int[] IDS = ints(FULL.object("input_ids").orElseThrow().list("data"));

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    GoldenFolder.write(GOLDEN, folder);
  }

  private static int[] ints(List<?> values) {
    return values.stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }

  private LanguageModel open(ModelOptions options, String pooling) throws IOException {
    Files.createDirectories(folder.resolve("1_Pooling"));
    Files.writeString(
        folder.resolve("1_Pooling/config.json"), "{\"pooling_mode_" + pooling + "\": true}");
    return LanguageModel.open(folder, options);
  }

  private static double[] normalized(double[] vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    return Arrays.stream(vector).map(x -> x / length).toArray();
  }

  private static void assertSame(float[] found, double[] expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      // Float32 noise of hidden states of size 1, in another order of additions.
      assertThat((double) found[i]).isCloseTo(expected[i], within(2e-5));
    }
  }

  @Test
  void theLastStateIsThatOfTransformers() throws IOException {
    List<JsonObject> layers = FULL.objects("hidden");
    List<?> hidden = layers.getLast().list("data");
    int[] rows = ints(FULL.list("rows"));
    int dim = hidden.size() / rows.length;
    try (LanguageModel model = open(ModelOptions.defaults(), "lasttoken")) {
      assertThat(model.pooling()).isEqualTo(Pooling.LAST);
      for (int r = 0; r < rows.length; r++) {
        double[] expected = new double[dim];
        for (int i = 0; i < dim; i++) {
          expected[i] = ((Number) hidden.get(r * dim + i)).doubleValue();
        }
        // What follows a position does not change its state.
        int[] input = Arrays.copyOf(IDS, rows[r] + 1);
        assertSame(model.embed(List.of(input)).getFirst(), normalized(expected));
      }
    }
  }

  @Test
  void theMeanIsThatOfAllStates() {
    try (LanguageModel model = LanguageModel.open(folder)) {
      assertThat(model.pooling()).isEqualTo(Pooling.MEAN);
      float[] found = model.embed(List.of(IDS)).getFirst();
      double[] mean = new double[found.length];
      List<float[]> states = new ArrayList<>();
      int layers = model.inference().model().shape().layers();
      model
          .inference()
          .logits(
              TokenBatch.whole(IDS),
              (blocks, hidden) -> {
                for (int r = 0; blocks == layers && r < hidden.rows(); r++) {
                  states.add(hidden.row(r));
                }
              });
      assertThat(states).hasSize(IDS.length);
      states.forEach(state -> Arrays.setAll(mean, i -> mean[i] + state[i] / IDS.length));
      assertSame(found, normalized(mean));
    }
  }

  @Test
  void theFirstStateDoesNotKnowWhatFollows() throws IOException {
    try (LanguageModel model = open(ModelOptions.defaults(), "cls_token")) {
      assertThat(model.embed(List.of(IDS)).getFirst())
          .isEqualTo(model.embed(List.of(new int[] {IDS[0]})).getFirst());
    }
  }

  @Test
  void theSameBitsAloneAndAmongOthers() {
    Random random = new Random(1);
    List<int[]> inputs = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      inputs.add(random.ints(1 + random.nextInt(64), 0, 96).toArray());
    }
    List<float[]> alone = new ArrayList<>();
    try (LanguageModel model = LanguageModel.open(folder)) {
      inputs.forEach(input -> alone.add(model.embed(List.of(input)).getFirst()));
    }
    for (int chunk : new int[] {1, 10, 300}) {
      ModelOptions options = ModelOptions.defaults().withChunk(chunk).withSequences(5);
      SamplingParams params = SamplingParams.plain().withIgnoreEos(true);
      try (LanguageModel model = LanguageModel.open(folder, options);
          Generation beside = model.generate(new int[] {1}, params)) {
        List<float[]> found = model.embed(inputs, "somebody");
        for (int i = 0; i < inputs.size(); i++) {
          assertThat(found.get(i)).isEqualTo(alone.get(i));
        }
        beside.text();
        assertThat(model.stats().usedPages()).isZero();
      }
    }
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    try (LanguageModel model = LanguageModel.open(folder)) {
      assertThat(model.embed(List.of())).isEmpty();
      assertThatThrownBy(() -> model.embed(List.of(new int[65])))
          .isInstanceOf(OutOfCapacityException.class)
          .hasMessageContaining("65 tokens");
      assertThatThrownBy(() -> model.embed(List.of(new int[0])))
          .isInstanceOf(TokapuException.class)
          .hasMessageContaining("no tokens");
    }
  }
}
