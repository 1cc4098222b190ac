/// Generation: sampling and the Java API.
@org.jspecify.annotations.NullMarked
module org.tokapu.engine {
  requires transitive org.tokapu.model;

  exports org.tokapu.engine;
  exports org.tokapu.engine.sampling;
}
