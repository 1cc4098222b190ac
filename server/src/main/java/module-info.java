/// The REST API and the page.
@org.jspecify.annotations.NullMarked
module org.tokapu.server {
  requires transitive org.tokapu.assistant;
  requires io.helidon.common.buffers;
  requires io.helidon.common.concurrency.limits;
  requires io.helidon.common.socket;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires java.logging;

  exports org.tokapu.server;
  exports org.tokapu.server.api;
  exports org.tokapu.server.http;
}
