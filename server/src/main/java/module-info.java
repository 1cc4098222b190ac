/// The REST API and the page.
@org.jspecify.annotations.NullMarked
module org.tokapu.server {
  requires transitive org.tokapu.assistant;
  requires io.helidon.webserver;

  exports org.tokapu.server;
}
