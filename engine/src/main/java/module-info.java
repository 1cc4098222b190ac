/// Generation: sampling and the Java API.
@org.jspecify.annotations.NullMarked
module org.tokapu.engine {
  requires transitive org.tokapu.model;
  requires jdk.management;

  exports org.tokapu.engine;
  exports org.tokapu.engine.sampling;
}
