/// Conversations that remember: sessions, keys, quotas and cost, without HTTP.
@org.jspecify.annotations.NullMarked
module org.tokapu.assistant {
  requires transitive org.tokapu.engine;
  requires java.sql;
  requires com.zaxxer.hikari;

  exports org.tokapu.assistant;
}
