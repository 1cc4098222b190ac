package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;
import org.tokapu.server.http.RequestBody;

/// `POST /v1/tokenize`: the tokens of a text.
final class Tokenize implements Endpoint {
  private final Service service;

  Tokenize(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/tokenize";
  }

  @Override
  public void handle(Exchange exchange) {
    RequestBody body = exchange.body();
    ServedModel model = service.models().of(body);
    String text = body.requireText("text");
    boolean special = body.flag("add_special").orElse(false);
    body.end();
    int[] ids = special ? model.encode(text) : model.tokenizer().encode(text);
    exchange.json(
        200, Parts.of("object", "tokens", "model", model.id(), "tokens", ids, "count", ids.length));
  }
}
