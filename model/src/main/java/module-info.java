/// Models: one description each, run by any Ops; and the files they come in.
@org.jspecify.annotations.NullMarked
module org.tokapu.model {
  requires transitive org.tokapu.tensor;
  requires transitive org.tokapu.text;
  requires java.net.http;

  exports org.tokapu.model;
  exports org.tokapu.model.arch;
  exports org.tokapu.model.convert;
  exports org.tokapu.model.file;
  exports org.tokapu.model.source;
  exports org.tokapu.model.store;
  exports org.tokapu.model.synth;
}
