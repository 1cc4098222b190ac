/// Conversations that remember: sessions, keys, quotas and cost, without HTTP.
@org.jspecify.annotations.NullMarked
module org.tokapu.assistant {
  requires transitive org.tokapu.engine;
  requires java.logging;
  requires java.sql;
  requires com.zaxxer.hikari;

  exports org.tokapu.assistant;
  exports org.tokapu.assistant.chat;
  exports org.tokapu.assistant.store;
  exports org.tokapu.assistant.window;
}
