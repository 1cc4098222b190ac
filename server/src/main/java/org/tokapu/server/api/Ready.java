package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;

/// `GET /ready`: requests would be taken.
final class Ready implements Endpoint {
  private final Service service;

  Ready(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/ready";
  }

  @Override
  public String scope() {
    return "";
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.json(
        200,
        Parts.of(
            "status",
            "ready",
            "models",
            service.models().all().stream().map(ServedModel::id).toList()));
  }
}
