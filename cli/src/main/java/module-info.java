/// The command.
@org.jspecify.annotations.NullMarked
module org.tokapu.cli {
  requires transitive org.tokapu.engine;
  requires org.tokapu.server;
  requires info.picocli;
  requires org.jline;

  // The parser fills the annotated fields of the commands.
  opens org.tokapu.cli.command to
      info.picocli;
}
