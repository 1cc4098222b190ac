/// The command.
@org.jspecify.annotations.NullMarked
module org.tokapu.cli {
  requires transitive org.tokapu.engine;
}
