package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokapu.engine.sampling.LogProbs;
import org.tokapu.engine.sampling.LogProbs.TokenLogProb;
import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.EventStream;
import org.tokapu.server.http.Exchange;
import org.tokapu.text.Tokenizer;

/// `POST /v1/completions`.
final class Completions implements Endpoint {
  private final Service service;

  Completions(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/completions";
  }

  @Override
  public void handle(Exchange exchange) {
    CompletionCall call = CompletionCall.read(exchange.body(), service.models());
    service.meter().admit(exchange, call.model().id());
    List<List<CompletionAnswer.Entry>> scores = scores(exchange, call);
    boolean run = call.params().limits().maxTokens() > 0;
    try (Answers answers = service.start(exchange, call.model(), run ? jobs(call) : List.of())) {
      EventStream events = call.stream() ? exchange.events() : null;
      CompletionAnswer answer = new CompletionAnswer(call, events);
      echo(call, answer, scores);
      answers.forEach(exchange, answer);
      for (int i = 0; !run && i < call.prompts().size() * call.bestOf(); i++) {
        answer.finish(i, "length");
      }
      service.note(exchange, answer.usage());
      if (events != null) {
        answer.done();
      } else {
        exchange.json(200, answer.whole());
      }
    }
  }

  private static List<Answers.Job> jobs(CompletionCall call) {
    List<Answers.Job> jobs = new ArrayList<>();
    for (int[] prompt : call.prompts()) {
      for (int i = 0; i < call.bestOf(); i++) {
        jobs.add(
            new Answers.Job(new Prompt(prompt, false), ChatCompletions.seeded(call.params(), i)));
      }
    }
    return jobs;
  }

  private static void echo(
      CompletionCall call, CompletionAnswer answer, List<List<CompletionAnswer.Entry>> scores) {
    if (!call.echo()) {
      return;
    }
    for (int i = 0; i < call.prompts().size() * call.bestOf(); i++) {
      int prompt = i / call.bestOf();
      String text = call.model().tokenizer().decode(call.prompts().get(prompt));
      answer.echo(i, text, scores.isEmpty() ? List.of() : trimmed(scores.get(prompt), text));
    }
  }

  /// Returns what the model thought of the prompts' own tokens, if they are to be told.
  private List<List<CompletionAnswer.Entry>> scores(Exchange exchange, CompletionCall call) {
    if (!call.echo() || call.logProbs() < 0) {
      return List.of();
    }
    String scope = exchange.caller().owner().id();
    return call.model().inTurn(exchange::clientGone, () -> scores(call, scope));
  }

  private static List<List<CompletionAnswer.Entry>> scores(CompletionCall call, String scope) {
    List<List<CompletionAnswer.Entry>> out = new ArrayList<>();
    for (int[] prompt : call.prompts()) {
      List<LogProbs> scores = PromptScores.of(call.model().model(), prompt, call.logProbs(), scope);
      out.add(entries(prompt, scores, call.model().tokenizer()));
    }
    return out;
  }

  /// A token without text (the beginning of a text) is not told of. The first token has nothing in
  /// front by which it could be judged; it is given, so its log-probability is 0.
  private static List<CompletionAnswer.Entry> entries(
      int[] prompt, List<LogProbs> scores, Tokenizer tokenizer) {
    List<CompletionAnswer.Entry> out = new ArrayList<>();
    for (int i = 0; i < prompt.length; i++) {
      byte[] bytes = tokenizer.bytes(prompt[i]);
      if (bytes.length == 0) {
        continue;
      }
      String text = TokenText.spelled(bytes);
      if (i == 0) {
        out.add(new CompletionAnswer.Entry(text, 0, Map.of(text, 0.0)));
        continue;
      }
      LogProbs score = scores.get(i - 1);
      Map<String, Double> top = new LinkedHashMap<>();
      for (TokenLogProb other : score.top()) {
        byte[] spelled =
            other.id() < tokenizer.vocabularySize() ? tokenizer.bytes(other.id()) : new byte[0];
        top.merge(TokenText.spelled(spelled), TokenText.finite(other.logProb()), Math::max);
      }
      top.putIfAbsent(text, TokenText.finite(score.logProb()));
      out.add(new CompletionAnswer.Entry(text, TokenText.finite(score.logProb()), top));
    }
    return out;
  }

  /// A decoder drops the space in front of the first word; so do the tokens then.
  private static List<CompletionAnswer.Entry> trimmed(
      List<CompletionAnswer.Entry> entries, String text) {
    if (entries.isEmpty() || text.startsWith(" ") || !entries.getFirst().token().startsWith(" ")) {
      return entries;
    }
    CompletionAnswer.Entry first = entries.getFirst();
    List<CompletionAnswer.Entry> out = new ArrayList<>(entries.subList(1, entries.size()));
    if (first.token().length() > 1) {
      out.addFirst(
          new CompletionAnswer.Entry(first.token().substring(1), first.logProb(), first.top()));
    }
    return out;
  }
}
