package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.EventStream;
import org.tokapu.server.http.Exchange;

/// `POST /v1/chat/completions`.
final class ChatCompletions implements Endpoint {
  private final Service service;

  ChatCompletions(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/chat/completions";
  }

  @Override
  public void handle(Exchange exchange) {
    ChatCall call = ChatCall.read(exchange.body(), service.models());
    Prompt prompt = call.prompt();
    service.meter().admit(exchange, call.model().id());
    List<Answers.Job> jobs = new ArrayList<>();
    for (int i = 0; i < call.n(); i++) {
      jobs.add(new Answers.Job(prompt, seeded(call.params(), i)));
    }
    try (Answers answers = service.start(exchange, call.model(), jobs)) {
      if (call.stream()) {
        EventStream events = exchange.events();
        ChatAnswer answer = new ChatAnswer(call, events);
        answer.begin();
        answers.forEach(exchange, answer);
        answer.finish();
        service.note(exchange, answer.usage());
      } else {
        ChatAnswer answer = new ChatAnswer(call, null);
        answers.forEach(exchange, answer);
        service.note(exchange, answer.usage());
        exchange.json(200, answer.whole());
      }
    }
  }

  /// Gives each of several answers a seed of its own.
  static SamplingParams seeded(SamplingParams params, int index) {
    OptionalLong seed = params.seed();
    return index == 0 || seed.isEmpty() ? params : params.withSeed(seed.getAsLong() + index);
  }
}
