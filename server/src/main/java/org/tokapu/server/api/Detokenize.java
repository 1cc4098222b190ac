package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;
import org.tokapu.server.http.RequestBody;

/// `POST /v1/detokenize`: the text of tokens.
final class Detokenize implements Endpoint {
  private final Service service;

  Detokenize(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/detokenize";
  }

  @Override
  public void handle(Exchange exchange) {
    RequestBody body = exchange.body();
    ServedModel model = service.models().of(body);
    if (!body.has("tokens")) {
      throw body.missing("tokens");
    }
    int[] ids = PromptFields.ids(body, "tokens", model.tokenizer().vocabularySize());
    body.end();
    exchange.json(
        200,
        Parts.of("object", "text", "model", model.id(), "text", model.tokenizer().decode(ids)));
  }
}
