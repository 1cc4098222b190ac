package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Usage;
import org.tokapu.engine.sampling.LogProbs.TokenLogProb;
import org.tokapu.server.http.EventStream;

/// Writes the texts of a completion, whole or in chunks. One request, one thread.
final class CompletionAnswer implements Answers.Listener {
  /// One token of a text as `logprobs` tells of it.
  record Entry(String token, double logProb, Map<String, Double> top) {}

  private static final class Choice {
    final StringBuilder text = new StringBuilder();
    final List<Entry> entries = new ArrayList<>();
    final TokenText tokens;
    double sum;
    int count;
    int told;
    @Nullable String finish;
    @Nullable GeneratedToken held;

    Choice(TokenText tokens) {
      this.tokens = tokens;
    }

    double mean() {
      return count == 0 ? Double.NEGATIVE_INFINITY : sum / count;
    }
  }

  private final CompletionCall call;
  private final @Nullable EventStream events;
  private final String id = Parts.id("cmpl-");
  private final long created = Parts.now();
  private final List<Choice> choices = new ArrayList<>();
  private int completionTokens;
  private int cachedTokens;

  /// @param events where chunks go; null for an answer at once
  CompletionAnswer(CompletionCall call, @Nullable EventStream events) {
    this.call = call;
    this.events = events;
    for (int i = 0; i < call.prompts().size() * call.bestOf(); i++) {
      choices.add(new Choice(new TokenText(call.model().tokenizer())));
    }
  }

  /// Puts the prompt in front of a text, with the log-probabilities of its tokens.
  void echo(int index, String text, List<Entry> entries) {
    Choice choice = choices.get(index);
    choice.entries.addAll(entries);
    say(index, text);
  }

  private void say(int index, String piece) {
    Choice choice = choices.get(index);
    int from = choice.text.length();
    choice.text.append(piece);
    if (events != null && (!piece.isEmpty() || choice.told < choice.entries.size())) {
      chunk(index, piece, logProbs(choice, choice.told, from), null);
    }
    choice.told = choice.entries.size();
  }

  /// Keeps a token back until it is known whether it is the last.
  @Override
  public void token(int index, GeneratedToken token) {
    Choice choice = choices.get(index);
    GeneratedToken before = choice.held;
    choice.held = token;
    if (before != null) {
      take(index, before, false);
    }
  }

  private void take(int index, GeneratedToken token, boolean last) {
    Choice choice = choices.get(index);
    token
        .logProbs()
        .ifPresent(logProbs -> {
          choice.sum += TokenText.finite(logProbs.logProb());
          choice.count++;
        });
    for (TokenText.Told told : choice.tokens.next(token, last)) {
      Map<String, Double> top = new LinkedHashMap<>();
      for (TokenLogProb other : told.logProbs().top()) {
        top.merge(
            TokenText.spelled(choice.tokens.bytes(other.id())),
            TokenText.finite(other.logProb()),
            Math::max);
      }
      String text = TokenText.spelled(told.bytes());
      double logProb = TokenText.finite(told.logProbs().logProb());
      top.putIfAbsent(text, logProb);
      choice.entries.add(new Entry(text, logProb, top));
    }
    say(index, token.text());
  }

  @Override
  public void end(Answers.Step.End end) {
    Choice choice = choices.get(end.index());
    GeneratedToken last = choice.held;
    if (last != null) {
      take(end.index(), last, true);
    }
    completionTokens += end.usage().completionTokens();
    cachedTokens += end.index() % call.bestOf() == 0 ? end.usage().cachedTokens() : 0;
    finish(end.index(), Parts.finish(end.reason()));
  }

  /// Ends a text.
  void finish(int index, String reason) {
    choices.get(index).finish = reason;
    if (events != null) {
      chunk(index, "", null, reason);
    }
  }

  @Override
  public void silence() {
    if (events != null) {
      events.comment("keep-alive");
    }
  }

  /// Sends the usage, if asked for, and the end.
  void done() {
    EventStream stream = java.util.Objects.requireNonNull(events);
    if (call.includeUsage()) {
      Map<String, @Nullable Object> chunk = head();
      chunk.put("choices", List.of());
      chunk.put("usage", Parts.usage(usage()));
      stream.data(chunk);
    }
    stream.done();
    stream.close();
  }

  private void chunk(int index, String text, @Nullable Object logProbs, @Nullable String finish) {
    Map<String, @Nullable Object> chunk = head();
    chunk.put("choices", List.of(choice(index, text, logProbs, finish)));
    java.util.Objects.requireNonNull(events).data(chunk);
  }

  private static Map<String, @Nullable Object> choice(
      int index, String text, @Nullable Object logProbs, @Nullable String finish) {
    return Parts.of("index", index, "text", text, "logprobs", logProbs, "finish_reason", finish);
  }

  /// Returns all texts: of each prompt the likeliest, by the mean over their tokens.
  Map<String, @Nullable Object> whole() {
    List<Object> out = new ArrayList<>();
    for (int prompt = 0; prompt < call.prompts().size(); prompt++) {
      int first = prompt * call.bestOf();
      List<Choice> made = new ArrayList<>(choices.subList(first, first + call.bestOf()));
      if (call.bestOf() > call.n()) {
        made.sort(Comparator.comparingDouble(Choice::mean).reversed());
      }
      for (Choice choice : made.subList(0, call.n())) {
        out.add(choice(out.size(), choice.text.toString(), logProbs(choice, 0, 0), choice.finish));
      }
    }
    Map<String, @Nullable Object> answer = head();
    answer.put("choices", out);
    answer.put("usage", Parts.usage(usage()));
    return answer;
  }

  /// Returns what it took; each prompt counts once.
  Usage usage() {
    int promptTokens = call.prompts().stream().mapToInt(ids -> ids.length).sum();
    return new Usage(promptTokens, cachedTokens, completionTokens);
  }

  private @Nullable Object logProbs(Choice choice, int from, int offset) {
    if (call.logProbs() < 0) {
      return null;
    }
    List<Object> offsets = new ArrayList<>();
    List<Object> tokens = new ArrayList<>();
    List<Object> logProbs = new ArrayList<>();
    List<Object> top = new ArrayList<>();
    int at = offset;
    for (Entry entry : choice.entries.subList(from, choice.entries.size())) {
      offsets.add(at);
      tokens.add(entry.token);
      logProbs.add(entry.logProb);
      top.add(entry.top);
      at += entry.token.length();
    }
    return Parts.of(
        "text_offset", offsets, "tokens", tokens, "token_logprobs", logProbs, "top_logprobs", top);
  }

  private Map<String, @Nullable Object> head() {
    return Parts.of(
        "id", id, "object", "text_completion", "created", created, "model", call.model().id());
  }
}
