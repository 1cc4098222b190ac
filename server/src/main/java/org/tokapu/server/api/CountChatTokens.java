package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;

/// `POST /v1/chat/tokens`: how many tokens a chat request would take; nothing is run.
final class CountChatTokens implements Endpoint {
  private final Service service;

  CountChatTokens(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/chat/tokens";
  }

  @Override
  public void handle(Exchange exchange) {
    ChatCall call = ChatCall.read(exchange.body(), service.models());
    int count = call.model().encode(call.request()).length;
    exchange.json(
        200,
        Parts.of(
            "object",
            "chat.tokens",
            "model",
            call.model().id(),
            "input_tokens",
            count,
            "context_length",
            call.model().context()));
  }
}
