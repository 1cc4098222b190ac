package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;

/// `GET /v1/models/{model}`.
final class GetModel implements Endpoint {
  private final Service service;

  GetModel(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/v1/models/{model}";
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.json(200, Parts.model(service.models().find(exchange.parameter("model"))));
  }
}
