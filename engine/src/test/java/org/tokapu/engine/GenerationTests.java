package org.tokapu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.LogitsProcessor;
import org.tokapu.engine.sampling.SamplingParams;

/// Generations over a tiny random model that speaks bytes, so that answers are wild: broken
/// characters, early ends, everything.
class GenerationTests {
  private static final SamplingParams WILD = SamplingParams.plain().withSeed(5);
  private static final SamplingParams ENDLESS = WILD.withIgnoreEos(true);

  @TempDir Path folder;
  private LanguageModel model;

  @BeforeEach
  void open() {
    model = TinyModel.open(folder, ModelOptions.defaults().withSequences(4));
  }

  @AfterEach
  void close() {
    model.close();
  }

  /// Makes the model say `text` and end its answer.
  static LogitsProcessor saying(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return (logits, history) -> {
      int at = history.generated();
      int wanted = at < bytes.length ? ByteTokenizer.id(bytes[at]) : ByteTokenizer.END;
      for (int id = 0; id < logits.length; id++) {
        logits[id] = id == wanted ? 0 : Float.NEGATIVE_INFINITY;
      }
    };
  }

  /// Has `text` said, to the end.
  private Generation say(String text, SamplingParams params) {
    Generation generation = generate(model.encode("x"), params, saying(text));
    generation.text();
    return generation;
  }

  private Generation generate(int[] prompt, SamplingParams params, LogitsProcessor processor) {
    return model.generate(GenerationRequest.of(prompt, params).withProcessors(List.of(processor)));
  }

  private static int[] ids(LanguageModel model, int[] prompt, SamplingParams params) {
    try (Generation generation = model.generate(prompt, params)) {
      generation.forEach(token -> {});
      return generation.ids();
    }
  }

  private int[] ids(String prompt, SamplingParams params) {
    return ids(model, model.encode(prompt), params);
  }

  @Test
  void tokensAddUpToTheAnswer() {
    SamplingParams params = ENDLESS.withMaxTokens(40);
    ByteTokenizer bytes = new ByteTokenizer();
    StringBuilder text = new StringBuilder();
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    try (Generation generation = model.generate("Once", params)) {
      for (GeneratedToken token : generation) {
        text.append(token.text());
        raw.writeBytes(bytes.bytes(token.id()));
      }
      assertThat(text.toString())
          .isEqualTo(generation.text())
          .isEqualTo(bytes.decode(generation.ids()))
          .isEqualTo(raw.toString(StandardCharsets.UTF_8));
      assertThat(generation.finish()).hasValue(FinishReason.LENGTH);
      assertThat(generation.seed()).isEqualTo(5);
      assertThat(generation.usage()).isEqualTo(new Usage(5, 0, 40));
    }
    try (Generation again = model.generate("Once", params)) {
      assertThat(again.texts().collect(Collectors.joining())).isEqualTo(text.toString());
    }
    assertThat(model.complete("Once", params)).isEqualTo(text.toString());
  }

  @Test
  void anAnswerEndsWithTheModelsEndToken() {
    Generation answer = say("끝.", WILD);
    assertThat(answer.text()).isEqualTo("끝.");
    assertThat(answer.ids()).hasSize(5).endsWith(ByteTokenizer.END);
    assertThat(answer.finish()).hasValue(FinishReason.STOP);
    assertThat(answer.stop()).isEmpty();
    assertThat(answer.usage().completionTokens()).isEqualTo(5);
  }

  @Test
  void halvesOfCharactersAreHeldBack() {
    try (Generation g = generate(model.encode("x"), WILD, saying("가나😀"))) {
      List<String> texts =
          StreamSupport.stream(g.spliterator(), false).map(GeneratedToken::text).toList();
      assertThat(texts).containsExactly("", "", "가", "", "", "나", "", "", "", "😀", "");
    }
    assertThat(say("가나", WILD.withMaxTokens(4)).text()).isEqualTo("가\ufffd");
  }

  @Test
  void aCharacterThatThePromptBeginsIsFinished() {
    byte[] syllable = "가".getBytes(StandardCharsets.UTF_8);
    int[] prompt = {1, ByteTokenizer.id(syllable[0]), ByteTokenizer.id(syllable[1])};
    LogitsProcessor rest = (logits, history) -> logits[ByteTokenizer.id(syllable[2])] = 1000;
    try (Generation generation = generate(prompt, WILD.withMaxTokens(1), rest)) {
      assertThat(generation.text()).isEqualTo("가");
    }
  }

  @Test
  void stopStringsEndTheAnswerAcrossTokens() {
    Generation answer = say("안녕하세요.\nUser: 또", WILD.withStop("\nUser:", "zzz"));
    assertThat(answer.text()).isEqualTo("안녕하세요.");
    assertThat(answer.finish()).hasValue(FinishReason.STOP);
    assertThat(answer.stop()).hasValue("\nUser:");
    assertThat(new ByteTokenizer().decode(answer.ids())).isEqualTo("안녕하세요.\nUser:");
    // What only looks like one comes out at the end.
    assertThat(say("abc\nUs", WILD.withStop("\nUser:")).text()).isEqualTo("abc\nUs");
    assertThat(say("abc\nUser", WILD.withStop("\nUser:").withMaxTokens(6)).text())
        .isEqualTo("abc\nUs");
  }

  @Test
  void theContextLimitsTheAnswer() {
    try (LanguageModel small = TinyModel.open(folder, ModelOptions.defaults().withContext(20))) {
      assertThat(ids(small, new int[] {1, 40, 50}, ENDLESS)).hasSize(17);
      int[] longest = new int[19];
      Arrays.fill(longest, 40);
      assertThat(ids(small, longest, ENDLESS)).hasSize(1);
      assertThatThrownBy(() -> small.generate(Arrays.copyOf(longest, 20), ENDLESS))
          .isInstanceOf(OutOfCapacityException.class)
          .hasMessageContaining("20 tokens")
          .hasMessageContaining("--ctx");
    }
  }

  @Test
  void noTokensAreAskedForAndNoneComputed() {
    try (Generation none = model.generate("x", WILD.withMaxTokens(0))) {
      assertThat(none.iterator().hasNext()).isFalse();
      assertThat(none.finish()).hasValue(FinishReason.LENGTH);
    }
  }

  @Test
  void aSeedRepeatsAndChunksThreadsAndReuseDoNotMatter() {
    SamplingParams params = SamplingParams.defaults().withSeed(9).withMaxTokens(30);
    int[] prompt = model.encode("The quick brown fox jumps");
    int[] expected = ids(model, prompt, params);
    for (int chunk : new int[] {1, 7, 512}) {
      ModelOptions options = ModelOptions.defaults().withThreads(chunk % 4 + 1).withChunk(chunk);
      try (LanguageModel other = TinyModel.open(folder, options)) {
        for (int round = 0; round < 2; round++) {
          assertThat(ids(other, prompt, params)).isEqualTo(expected);
        }
        assertThat(other.stats().reusedTokens()).isEqualTo(prompt.length - 1);
      }
    }
    assertThat(ids(model, prompt, params.withSeed(10))).isNotEqualTo(expected);
  }

  @Test
  void goingOnEqualsNeverHavingStopped() {
    SamplingParams params = ENDLESS.withRepetitionPenalty(1.2);
    int[] prompt = {1, 80, 90, 100};
    int[] whole = ids(model, prompt, params.withMaxTokens(20));
    int[] more = Arrays.copyOf(prompt, 12);
    System.arraycopy(whole, 0, more, 4, 8);
    assertThat(ids(model, more, params.withMaxTokens(12)))
        .isEqualTo(Arrays.copyOfRange(whole, 8, 20));
  }

  @Test
  void cancellingIsNoticedBetweenTheChunksOfAPrompt() throws InterruptedException {
    try (LanguageModel slow = TinyModel.open(folder, ModelOptions.defaults().withChunk(2))) {
      CountDownLatch chosen = new CountDownLatch(1);
      CountDownLatch cancelled = new CountDownLatch(1);
      LogitsProcessor holding =
          (logits, history) -> {
            chosen.countDown();
            await(cancelled);
          };
      GenerationRequest held = GenerationRequest.of(slow.encode("x"), ENDLESS.withMaxTokens(2));
      try (Generation holder = slow.generate(held.withProcessors(List.of(holding)))) {
        chosen.await(); // the loop stands still in the first step of the holder
        Generation g = slow.generate(slow.encode("a long, long prompt"), WILD);
        g.cancel();
        cancelled.countDown();
        assertThat(g.text()).isEmpty();
        assertThat(g.finish()).hasValue(FinishReason.CANCELLED);
        holder.text();
        assertThat(slow.stats().promptTokens()).isEqualTo(2);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void generationsSideBySideDoNotDisturbEachOther() throws Exception {
    SamplingParams params = ENDLESS.withMaxTokens(25);
    List<int[]> expected = new ArrayList<>();
    List<Callable<int[]>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prompt = "seed " + i;
      int seed = i;
      expected.add(ids(prompt, params.withSeed(seed)));
      tasks.add(() -> ids(prompt, params.withSeed(seed)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<int[]>> found = threads.invokeAll(tasks);
      for (int i = 0; i < 4; i++) {
        assertThat(found.get(i).get()).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void generationsGiveTheirMemoryBackForOthers() {
    ModelOptions options = ModelOptions.defaults().withContext(64);
    try (LanguageModel narrow = TinyModel.open(folder, options)) {
      for (int i = 0; i < 3; i++) {
        try (Generation left = narrow.generate("x", ENDLESS)) {
          left.iterator().next();
        }
        // There is but one page: this one waits until the one above has given it back.
        assertThat(ids(narrow, narrow.encode("y" + i), ENDLESS)).hasSize(61);
        assertThat(narrow.stats().usedPages()).isZero();
        assertThat(narrow.stats().cachedPages()).isEqualTo(1);
      }
    }
  }

  @Test
  void aFullPoolMakesWaitAndEverybodyComesToTheEnd() {
    ModelOptions options = ModelOptions.defaults().withContext(64);
    try (LanguageModel narrow = TinyModel.open(folder, options);
        Generation holder = narrow.generate("x", ENDLESS);
        Generation other = narrow.generate("y", ENDLESS)) {
      holder.iterator().next();
      other.text();
      assertThat(other.ids()).isEqualTo(ids("y", ENDLESS.withMaxTokens(62)));
      assertThat(other.finish()).hasValue(FinishReason.LENGTH);
    }
  }

  @Test
  void aReaderThatIsSlowKeepsNobodyWaiting() {
    SamplingParams params = ENDLESS.withMaxTokens(20);
    try (Generation slow = model.generate("slow", params);
        Generation quick = model.generate("quick", params)) {
      quick.text();
      assertThat(quick.finish()).hasValue(FinishReason.LENGTH);
      assertThat(slow.finish()).isEmpty();
      slow.text();
      assertThat(slow.ids()).isEqualTo(ids("slow", params));
    }
  }

  @Test
  void parametersThatDoNotFitTheModelAreRefused() {
    assertThatThrownBy(() -> model.generate("x", WILD.withLogitBias(Map.of(999, 1f))))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("999");
  }

  @Test
  void aPromptOfNothingIsTheBeginningOfAText() {
    assertThat(model.encode("")).containsExactly(ByteTokenizer.BOS);
    assertThat(ids("", ENDLESS.withMaxTokens(2))).hasSize(2);
  }

  @Test
  void specialTokensInAPlainPromptAreText() {
    assertThat(model.encode("<end>")).hasSize(6).doesNotContain(ByteTokenizer.END);
  }

  @Test
  void aClosedModelSaysSo() {
    Generation generation = model.generate("x", WILD);
    model.close();
    model.close();
    assertThatThrownBy(generation::text)
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("closed");
    assertThat(generation.finish()).hasValue(FinishReason.FAILED);
    generation.close();
    assertThatThrownBy(() -> model.generate("x", WILD))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> model.embed(List.of(new int[] {1})))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void bannedTokensDoNotCome() {
    SamplingParams params = SamplingParams.greedy().withMaxTokens(20).withIgnoreEos(true);
    int[] plain = ids("x", params);
    Set<Integer> banned = Set.of(plain[0], plain[1]);
    assertThat(ids("x", params.withBannedTokens(banned))).doesNotContain(plain[0], plain[1]);
  }

  @Test
  void timesAndSpeedsAreThere() {
    try (Generation generation = model.generate("hello", ENDLESS.withMaxTokens(5))) {
      generation.forEach(token -> {});
      Timings timings = generation.timings();
      assertThat(timings.prompt()).isPositive();
      assertThat(timings.generation()).isPositive();
      assertThat(timings.promptPerSecond(generation.usage())).isPositive();
      assertThat(timings.generationPerSecond(generation.usage())).isPositive();
      assertThat(timings.generationPerSecond(new Usage(1, 0, 1))).isZero();
    }
  }
}
