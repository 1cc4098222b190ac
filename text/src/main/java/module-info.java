/// Text: tokenizers and chat templates.
@org.jspecify.annotations.NullMarked
module org.tokapu.text {
  requires transitive org.tokapu.base;

  exports org.tokapu.text;
  exports org.tokapu.text.chat;
  exports org.tokapu.text.chat.jinja;
  exports org.tokapu.text.tokenizer;
}
