package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;

/// `GET /v1/models`.
final class ListModels implements Endpoint {
  private final Service service;

  ListModels(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/v1/models";
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.json(
        200,
        Parts.of(
            "object", "list", "data", service.models().all().stream().map(Parts::model).toList()));
  }
}
