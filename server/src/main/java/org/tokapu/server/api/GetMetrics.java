package org.tokapu.server.api;

import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;
import org.tokapu.server.metrics.Metrics;

/// `GET /metrics`: Prometheus reads it.
final class GetMetrics implements Endpoint {
  private final Service service;

  GetMetrics(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/metrics";
  }

  @Override
  public String scope() {
    return "";
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.text(200, Metrics.CONTENT_TYPE, service.metrics().write());
  }
}
