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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
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

  @TempDir Path folder;
  private Model model;

  @BeforeEach
  void open() {
    model = TinyModel.bytes(folder, ModelOptions.DEFAULT);
  }

  @AfterEach
  void close() {
    model.close();
  }

  /// Makes the model say `text` and end its answer.
  private static LogitsProcessor saying(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return (logits, history) -> {
      int at = history.generated();
      int wanted = at < bytes.length ? ByteTokenizer.id(bytes[at]) : ByteTokenizer.END;
      for (int id = 0; id < logits.length; id++) {
        logits[id] = id == wanted ? 0 : Float.NEGATIVE_INFINITY;
      }
    };
  }

  private Completion say(String text, SamplingParams params) {
    try (Conversation conversation = model.conversation()) {
      return conversation.generate(Prompt.text("x"), params, List.of(saying(text))).complete();
    }
  }

  private List<GenerationEvent> events(Generation generation) {
    List<GenerationEvent> all = new ArrayList<>();
    generation.forEach(all::add);
    return all;
  }

  @Test
  void eventsAddUpToTheAnswer() {
    SamplingParams params = WILD.withMaxTokens(40).withIgnoreEos(true);
    List<GenerationEvent> events = events(model.generate(Prompt.text("Once"), params));
    Completion whole = model.generate(Prompt.text("Once"), params).complete();

    assertThat(events).hasSize(41);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (GenerationEvent event : events) {
      if (event instanceof GenerationEvent.Token t) {
        bytes.writeBytes(t.bytes());
      }
    }
    String text = events.stream().map(GenerationEvent::text).collect(Collectors.joining());
    assertThat(text)
        .isEqualTo(whole.text())
        .isEqualTo(new ByteTokenizer().decode(whole.ids()))
        .isEqualTo(bytes.toString(StandardCharsets.UTF_8));
    assertThat(whole.end().reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(whole.end().seed()).isEqualTo(5);
    assertThat(whole.end().usage()).isEqualTo(new Usage(5, 0, 40));
    try (Generation again = model.generate(Prompt.text("Once"), params)) {
      assertThat(again.texts().collect(Collectors.joining())).isEqualTo(text);
    }
    assertThat(model.complete("Once", params)).isEqualTo(text);
  }

  @Test
  void anAnswerEndsWithTheModelsEndToken() {
    Completion answer = say("끝.", WILD);
    assertThat(answer.text()).isEqualTo("끝.");
    assertThat(answer.ids()).hasSize(5).endsWith(ByteTokenizer.END);
    assertThat(answer.end().reason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.end().stop()).isEmpty();
    assertThat(answer.end().usage().completionTokens()).isEqualTo(5);
  }

  @Test
  void halvesOfCharactersAreHeldBack() {
    try (Conversation conversation = model.conversation()) {
      Generation g = conversation.generate(Prompt.text("x"), WILD, List.of(saying("가나😀")));
      List<String> texts = g.events().map(GenerationEvent::text).toList();
      assertThat(texts).containsExactly("", "", "가", "", "", "나", "", "", "", "😀", "", "");
    }
    Completion cut = say("가나", WILD.withMaxTokens(4));
    assertThat(cut.text()).isEqualTo("가\ufffd");
  }

  @Test
  void stopStringsEndTheAnswerAcrossTokens() {
    Completion answer = say("안녕하세요.\nUser: 또", WILD.withStop("\nUser:", "zzz"));
    assertThat(answer.text()).isEqualTo("안녕하세요.");
    assertThat(answer.end().reason()).isEqualTo(FinishReason.STOP);
    assertThat(answer.end().stop()).hasValue("\nUser:");
    assertThat(new ByteTokenizer().decode(answer.ids())).isEqualTo("안녕하세요.\nUser:");
    // What only looks like one comes out at the end.
    assertThat(say("abc\nUs", WILD.withStop("\nUser:")).text()).isEqualTo("abc\nUs");
    assertThat(say("abc\nUser", WILD.withStop("\nUser:").withMaxTokens(6)).text())
        .isEqualTo("abc\nUs");
  }

  @Test
  void theContextLimitsTheAnswer() {
    try (Model small = TinyModel.bytes(folder, ModelOptions.DEFAULT.withContext(20))) {
      SamplingParams endless = WILD.withIgnoreEos(true);
      Completion answer = small.generate(Prompt.ids(1, 40, 50), endless).complete();
      assertThat(answer.ids()).hasSize(17);
      assertThat(answer.end().reason()).isEqualTo(FinishReason.LENGTH);
      int[] longest = new int[19];
      Arrays.fill(longest, 40);
      assertThat(small.generate(Prompt.ids(longest), endless).complete().ids()).hasSize(1);
      assertThatThrownBy(() -> small.generate(Prompt.ids(Arrays.copyOf(longest, 20)), endless))
          .isInstanceOf(OutOfCapacityException.class)
          .hasMessageContaining("20 tokens")
          .hasMessageContaining("--ctx");
    }
  }

  @Test
  void noTokensAreAskedForAndNoneComputed() {
    List<GenerationEvent> events =
        events(model.generate(Prompt.text("x"), WILD.withMaxTokens(0)));
    assertThat(events).hasSize(1);
    assertThat(events.getFirst()).isInstanceOf(GenerationEvent.Finished.class);
  }

  @Test
  void aSeedRepeatsAndChunksThreadsAndReuseDoNotMatter() {
    SamplingParams params = SamplingParams.defaults().withSeed(9).withMaxTokens(30);
    Prompt prompt = Prompt.text("The quick brown fox jumps");
    int[] expected = model.generate(prompt, params).complete().ids();
    for (int chunk : new int[] {1, 7, 512}) {
      ModelOptions options = ModelOptions.DEFAULT.withThreads(chunk % 4 + 1).withChunk(chunk);
      try (Model other = TinyModel.bytes(folder, options);
          Conversation conversation = other.conversation()) {
        assertThat(conversation.generate(prompt, params).complete().ids()).isEqualTo(expected);
        assertThat(conversation.generate(prompt, params).complete().ids()).isEqualTo(expected);
      }
    }
    assertThat(model.generate(prompt, params.withSeed(10)).complete().ids()).isNotEqualTo(expected);
  }

  @Test
  void goingOnEqualsNeverHavingStopped() {
    SamplingParams params = WILD.withIgnoreEos(true).withRepetitionPenalty(1.2);
    int[] prompt = {1, 80, 90, 100};
    int[] whole = model.generate(Prompt.ids(prompt), params.withMaxTokens(20)).complete().ids();
    int[] more = Arrays.copyOf(prompt, 12);
    System.arraycopy(whole, 0, more, 4, 8);
    int[] rest = model.generate(Prompt.ids(more), params.withMaxTokens(12)).complete().ids();
    assertThat(rest).isEqualTo(Arrays.copyOfRange(whole, 8, 20));
  }

  @Test
  void aConversationReusesEqualIds() {
    SamplingParams params = WILD.withMaxTokens(6).withIgnoreEos(true);
    int[] first = {1, 70, 71, 72, 73};
    try (Conversation conversation = model.conversation()) {
      Completion answer = conversation.generate(Prompt.ids(first), params).complete();
      assertThat(answer.end().usage()).isEqualTo(new Usage(5, 0, 6));
      // The last token was never fed, so 5 + 5 are there.
      assertThat(conversation.cachedTokens()).isEqualTo(10);

      int[] longer = Arrays.copyOf(first, 13);
      System.arraycopy(answer.ids(), 0, longer, 5, 6);
      longer[11] = 99;
      longer[12] = 98;
      Completion second = conversation.generate(Prompt.ids(longer), params).complete();
      assertThat(second.end().usage()).isEqualTo(new Usage(13, 10, 6));
      assertThat(second.ids())
          .isEqualTo(model.generate(Prompt.ids(longer), params).complete().ids());

      // Another way from the third token on; and the same prompt again needs one token only.
      int[] other = {1, 70, 60, 72, 73};
      Completion third = conversation.generate(Prompt.ids(other), params).complete();
      assertThat(third.end().usage().cachedTokens()).isEqualTo(2);
      assertThat(third.ids())
          .isEqualTo(model.generate(Prompt.ids(other), params).complete().ids());
      assertThat(conversation.generate(Prompt.ids(other), params).complete().end().usage())
          .isEqualTo(new Usage(5, 4, 6));
    }
  }

  @Test
  void cancellingEndsBeforeTheNextPass() {
    Generation generation = model.generate(Prompt.text("x"), WILD.withIgnoreEos(true));
    List<GenerationEvent> events = new ArrayList<>();
    for (GenerationEvent event : generation) {
      events.add(event);
      if (events.size() == 3) {
        generation.cancel();
      }
    }
    assertThat(events).hasSize(4);
    GenerationEvent.Finished end = (GenerationEvent.Finished) events.getLast();
    assertThat(end.reason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(end.usage().completionTokens()).isEqualTo(3);

    Generation early = model.generate(Prompt.text("x"), WILD);
    early.cancel();
    assertThat(events(early)).hasSize(1);
  }

  @Test
  void cancellingIsNoticedBetweenTheChunksOfAPrompt() {
    try (Model slow = TinyModel.bytes(folder, ModelOptions.DEFAULT.withChunk(2));
        Conversation conversation = slow.conversation()) {
      Generation g = conversation.generate(Prompt.text("a long, long prompt"), WILD);
      g.cancel();
      assertThat(g.complete().end().reason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(conversation.cachedTokens()).isZero();
    }
  }

  @Test
  void aNewGenerationEndsTheOneBefore() {
    try (Conversation conversation = model.conversation()) {
      Generation first = conversation.generate(Prompt.text("abc"), WILD.withIgnoreEos(true));
      var events = first.iterator();
      events.next();
      Completion second =
          conversation.generate(Prompt.text("abd"), WILD.withMaxTokens(3)).complete();
      assertThat(events.hasNext()).isFalse();
      assertThat(second.ids())
          .isEqualTo(model.generate(Prompt.text("abd"), WILD.withMaxTokens(3)).complete().ids());
    }
  }

  @Test
  void generationsSideBySideDoNotDisturbEachOther() throws Exception {
    SamplingParams params = WILD.withMaxTokens(25).withIgnoreEos(true);
    List<int[]> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      expected.add(
          model.generate(Prompt.text("seed " + i), params.withSeed(i)).complete().ids());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<int[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Prompt prompt = Prompt.text("seed " + i);
        int seed = i;
        tasks.add(() -> model.generate(prompt, params.withSeed(seed)).complete().ids());
      }
      List<Future<int[]>> found = threads.invokeAll(tasks);
      for (int i = 0; i < 4; i++) {
        assertThat(found.get(i).get()).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void finishedGenerationsGiveTheirMemoryBack() {
    try (Model narrow =
        TinyModel.bytes(folder, ModelOptions.DEFAULT.withContext(64).withSequences(1))) {
      int free = narrow.inference().pool().freePages();
      for (int i = 0; i < 3; i++) {
        narrow.generate(Prompt.text("x"), WILD.withMaxTokens(2)).complete();
        assertThat(narrow.inference().pool().freePages()).isEqualTo(free);
        try (Generation left = narrow.generate(Prompt.text("x"), WILD.withMaxTokens(2))) {
          left.iterator().next();
        }
        assertThat(narrow.inference().pool().freePages()).isEqualTo(free);
      }
    }
  }

  @Test
  void aFullPoolIsAFailureOfTheGeneration() {
    try (Model narrow =
            TinyModel.bytes(folder, ModelOptions.DEFAULT.withContext(64).withSequences(1));
        Conversation holder = narrow.conversation()) {
      holder.generate(Prompt.text("x"), WILD.withMaxTokens(2)).complete();
      List<GenerationEvent> events = events(narrow.generate(Prompt.text("y"), WILD));
      assertThat(events).hasSize(1);
      assertThat(((GenerationEvent.Failed) events.getFirst()).cause())
          .isInstanceOf(OutOfCapacityException.class);
      assertThatThrownBy(() -> narrow.complete("y", WILD))
          .isInstanceOf(OutOfCapacityException.class);
    }
  }

  @Test
  void idsOutsideTheVocabularyFail() {
    assertThatThrownBy(() -> model.generate(Prompt.ids(1, 260), WILD).complete())
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("260");
    assertThatThrownBy(
            () -> model.generate(Prompt.text("x"), WILD.withLogitBias(Map.of(999, 1f))))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("999");
  }

  @Test
  void emptyPromptsAreRefused() {
    assertThatThrownBy(() -> model.generate(Prompt.ids(), WILD))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("empty");
    assertThat(model.generate(Prompt.text(""), WILD).prompt()).containsExactly(ByteTokenizer.BOS);
  }

  @Test
  void textNeedsATokenizer() {
    try (Model dumb = Model.open(folder)) {
      assertThatThrownBy(() -> dumb.complete("x"))
          .isInstanceOf(TokapuException.class)
          .hasMessageContaining("no tokenizer");
    }
  }

  @Test
  void specialTokensInAPlainPromptAreText() {
    assertThat(model.generate(Prompt.text("<end>"), WILD).prompt())
        .hasSize(6)
        .doesNotContain(ByteTokenizer.END);
  }

  @Test
  void aClosedModelSaysSo() {
    Generation generation = model.generate(Prompt.text("x"), WILD);
    model.close();
    model.close();
    assertThatThrownBy(generation::complete)
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> model.conversation()).isInstanceOf(TokapuException.class);
  }

  @Test
  void iteratingTwiceIsRefused() {
    Generation generation = model.generate(Prompt.text("x"), WILD.withMaxTokens(1));
    generation.complete();
    assertThatThrownBy(generation::iterator).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bannedAndForcedTokensAreHeeded() {
    SamplingParams params = SamplingParams.greedy().withMaxTokens(20).withIgnoreEos(true);
    int[] plain = model.generate(Prompt.text("x"), params).complete().ids();
    Set<Integer> banned = Set.of(plain[0], plain[1]);
    int[] other =
        model.generate(Prompt.text("x"), params.withBannedTokens(banned)).complete().ids();
    assertThat(other).doesNotContain(plain[0], plain[1]);
  }

  @Test
  void timesAndSpeedsAreThere() {
    GenerationEvent.Finished end =
        model
            .generate(Prompt.text("hello"), WILD.withMaxTokens(5).withIgnoreEos(true))
            .complete()
            .end();
    assertThat(end.timings().prompt()).isPositive();
    assertThat(end.timings().generation()).isPositive();
    assertThat(end.timings().promptPerSecond(end.usage())).isPositive();
    assertThat(end.timings().generationPerSecond(end.usage())).isPositive();
    assertThat(end.timings().generationPerSecond(new Usage(1, 0, 1))).isZero();
  }
}
