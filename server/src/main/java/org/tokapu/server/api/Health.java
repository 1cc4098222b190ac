package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;

/// `GET /health`: the process answers.
final class Health implements Endpoint {
  private final Service service;

  Health(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/health";
  }

  @Override
  public String scope() {
    return "";
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.json(200, Parts.of("status", "ok", "models", service.models().all().size()));
  }
}
