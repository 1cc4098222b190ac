/// What every layer needs and none owns: errors that name cause and remedy, JSON, files that appear
/// whole or not at all.
@org.jspecify.annotations.NullMarked
module org.tokapu.base {
  requires transitive org.jspecify;
  requires tools.jackson.core;

  exports org.tokapu.base;
  exports org.tokapu.base.json;
}
