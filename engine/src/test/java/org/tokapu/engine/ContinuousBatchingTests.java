package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.LogitsProcessor;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.tensor.KvLayout.KvType;
import org.tokapu.testkit.TestData;

/// Many generations at once, each beside itself alone.
class ContinuousBatchingTests {
  private static final SamplingParams ENDLESS =
      SamplingParams.plain().withSeed(5).withIgnoreEos(true);

  @TempDir Path folder;

  /// A random request; prompts often begin like others.
  private static GenerationRequest request(Random random, int vocabulary, int longest) {
    int[] common = new Random(random.nextInt(3)).ints(longest, 1, vocabulary).toArray();
    int length = 1 + random.nextInt(longest);
    int[] prompt = Arrays.copyOf(common, length);
    for (int i = random.nextInt(length + 1); i < length; i++) {
      prompt[i] = 1 + random.nextInt(vocabulary - 1);
    }
    SamplingParams params =
        SamplingParams.defaults()
            .withSeed(random.nextLong())
            .withMaxTokens(random.nextInt(40))
            .withIgnoreEos(random.nextBoolean())
            .withRepetitionPenalty(random.nextBoolean() ? 1.2 : 1);
    return GenerationRequest.of(prompt, random.nextInt(4) == 0 ? params.withTemperature(0) : params)
        .withScope("s" + random.nextInt(3))
        .withPublicTokens(random.nextInt(length + 1));
  }

  private static int[] ids(LanguageModel model, GenerationRequest request) {
    try (Generation generation = model.generate(request)) {
      generation.forEach(token -> {});
      return generation.ids();
    }
  }

  /// Runs random requests from many threads, some of them cancelled on the way.
  private static EngineStats compare(
      Function<ModelOptions, LanguageModel> open, ModelOptions options, int vocabulary, long seed)
      throws Exception {
    Random random = new Random(seed);
    List<GenerationRequest> requests = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    int longest = options.context() - 1;
    for (int i = 0; i < 40; i++) {
      requests.add(request(random, vocabulary, longest));
    }
    ModelOptions alone =
        ModelOptions.defaults().withContext(options.context()).withKvType(options.kvType());
    try (LanguageModel model = open.apply(alone)) {
      for (GenerationRequest request : requests) {
        expected.add(ids(model, request.withScope("alone " + expected.size())));
      }
      assertThat(model.stats().preemptions()).isZero();
    }
    try (LanguageModel model = open.apply(options);
        ExecutorService threads = Executors.newFixedThreadPool(12)) {
      List<Callable<int[]>> tasks = new ArrayList<>();
      for (GenerationRequest request : requests) {
        tasks.add(() -> ids(model, request));
      }
      for (int i = 0; i < 10; i++) {
        GenerationRequest request = request(random, vocabulary, longest);
        tasks.add(
            4 * i,
            () -> {
              try (Generation left = model.generate(request)) {
                left.texts().findFirst();
                return new int[] {-1};
              }
            });
      }
      List<int[]> found = new ArrayList<>();
      for (Future<int[]> task : threads.invokeAll(tasks)) {
        if (task.get().length != 1 || task.get()[0] != -1) {
          found.add(task.get());
        }
      }
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i)).as("request " + i).isEqualTo(expected.get(i));
      }
      model.forget("nobody"); // a step further, those that were left are gone
      EngineStats stats = model.stats();
      assertThat(stats.usedPages() + stats.running() + stats.waiting()).isZero();
      return stats;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 128, 1, 64, F32",
    "2, 128, 7, 2, F32",
    "3, 256, 64, 2, Q8",
    "4, 300, 256, 1, F16",
    "5, 100, 16, 8, BF16"
  })
  void aRequestYieldsTheSameBesideOthers(
      long seed, int context, int chunk, int sequences, KvType kvType) throws Exception {
    ModelOptions options =
        ModelOptions.defaults()
            .withContext(context)
            .withChunk(chunk)
            .withSequences(sequences)
            .withKvType(kvType);
    EngineStats stats = compare(o -> TinyModel.open(folder, o), options, ByteTokenizer.SIZE, seed);
    assertThat(stats.reusedTokens()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"1, 32, 1", "2, 5, 4", "3, 256, 16"})
  void aTrainedModelToo(long seed, int chunk, int sequences) throws Exception {
    Optional<Path> stories = TestData.find("models/stories260K");
    assumeTrue(stories.isPresent(), "SKIPPED: models/stories260K is not here");
    ModelOptions options =
        ModelOptions.defaults().withContext(256).withChunk(chunk).withSequences(sequences);
    compare(o -> LanguageModel.open(stories.orElseThrow(), o), options, 512, seed);
  }

  /// Two that grow beyond the pages there are: one must give way, and comes to the same end.
  @Test
  void whoGaveItsMemoryUpGoesOnAsIfNothingHadHappened() {
    GenerationRequest one = GenerationRequest.of(new int[] {1, 40, 50}, ENDLESS);
    GenerationRequest two = GenerationRequest.of(new int[] {1, 60, 70}, ENDLESS.withSeed(6));
    ModelOptions options = ModelOptions.defaults().withContext(192);
    int[] first;
    int[] second;
    try (LanguageModel model = TinyModel.open(folder, options)) {
      first = ids(model, one);
      second = ids(model, two);
      assertThat(model.stats().preemptions()).isZero();
    }
    try (LanguageModel model = TinyModel.open(folder, options);
        Generation a = model.generate(one);
        Generation b = model.generate(two)) {
      b.text();
      a.text();
      assertThat(a.ids()).isEqualTo(first);
      assertThat(b.ids()).isEqualTo(second);
      assertThat(model.stats().preemptions()).isPositive();
    }
  }

  @Test
  void theErrorOfOneIsNotThatOfOthers() {
    LogitsProcessor broken =
        (logits, history) -> {
          if (history.generated() == 3) {
            throw new TokapuException("broken on purpose");
          }
        };
    LogitsProcessor noNumbers = (logits, history) -> Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    GenerationRequest good = GenerationRequest.of(new int[] {1, 2, 3}, ENDLESS.withMaxTokens(30));
    try (LanguageModel model = TinyModel.open(folder, ModelOptions.defaults().withSequences(4))) {
      int[] expected = ids(model, good.withScope("before"));
      try (Generation a = model.generate(good);
          Generation b = model.generate(good.withProcessors(List.of(broken)));
          Generation c = model.generate(good.withProcessors(List.of(noNumbers)))) {
        assertThatThrownBy(b::text).hasMessage("broken on purpose");
        assertThat(b.ids()).hasSize(3);
        assertThat(b.finish()).hasValue(FinishReason.FAILED);
        assertThatThrownBy(c::text).isInstanceOf(TokapuException.class);
        a.text();
        assertThat(a.ids()).isEqualTo(expected);
      }
      assertThat(model.stats().usedPages()).isZero();
    }
  }

  @Test
  void aFullQueueRefusesAtOnce() throws InterruptedException {
    CountDownLatch chosen = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    LogitsProcessor holding =
        (logits, history) -> {
          chosen.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    ModelOptions options = ModelOptions.defaults().withContext(64).withQueue(2);
    GenerationRequest two = GenerationRequest.of(new int[] {1, 2}, ENDLESS.withMaxTokens(2));
    try (LanguageModel model = TinyModel.open(folder, options);
        Generation holder = model.generate(two.withProcessors(List.of(holding)))) {
      chosen.await();
      Generation b = model.generate(two);
      Generation c = model.generate(two);
      assertThatThrownBy(() -> model.generate(two))
          .isInstanceOf(OutOfCapacityException.class)
          .hasMessageContaining("2 requests wait");
      go.countDown();
      for (Generation generation : List.of(holder, b, c)) {
        generation.text();
        assertThat(generation.ids()).hasSize(2);
      }
      assertThat(ids(model, two)).hasSize(2);
    }
  }

  @Test
  void closingEndsReadersThatWait() throws Exception {
    LanguageModel model = TinyModel.open(folder, ModelOptions.defaults().withSequences(2));
    CountDownLatch reading = new CountDownLatch(3);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Generation generation = model.generate("x" + i, ENDLESS);
        readers.add(
            threads.submit(() -> {
              for (GeneratedToken token : generation) {
                reading.countDown();
              }
            }));
      }
      reading.await();
      model.close();
      for (Future<?> reader : readers) {
        try {
          reader.get(); // had come to its end
        } catch (ExecutionException e) {
          assertThat(e).cause().hasMessageContaining("closed");
        }
      }
    }
  }

  @Test
  void anInterruptedReaderCancels() {
    try (LanguageModel model = TinyModel.open(folder, ModelOptions.defaults());
        Generation generation = model.generate("x", ENDLESS)) {
      Thread.currentThread().interrupt();
      generation.forEach(token -> {});
      assertThat(Thread.interrupted()).isTrue();
      assertThat(generation.finish()).hasValue(FinishReason.CANCELLED);
    }
  }

  @Test
  void scopesDoNotShareButForWhatIsPublic() {
    int[] prompt = new Random(1).ints(150, 3, 250).toArray();
    SamplingParams one = ENDLESS.withMaxTokens(1);
    GenerationRequest request = GenerationRequest.of(prompt, one);
    ModelOptions options = ModelOptions.defaults().withContext(200).withSequences(4);
    try (LanguageModel model = TinyModel.open(folder, options)) {
      assertThat(reused(model, request.withScope("a"))).isZero();
      assertThat(reused(model, request.withScope("a"))).isEqualTo(149);
      assertThat(reused(model, request.withScope("b"))).isZero();
      assertThat(reused(model, request.withScope("a").withPublicTokens(130))).isEqualTo(149);
      assertThat(reused(model, request.withScope("c"))).isEqualTo(128);
      model.forget("a");
      assertThat(reused(model, request.withScope("a"))).isEqualTo(128);
      assertThat(reused(model, request.withScope("c"))).isEqualTo(149);
    }
  }

  private static int reused(LanguageModel model, GenerationRequest request) {
    try (Generation generation = model.generate(request)) {
      generation.text();
      return generation.reusedTokens();
    }
  }
}
