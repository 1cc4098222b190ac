package org.tokapu.text.chat.jinja;

/// A text among the variables that counts as the template's own: `bos_token`, a checked role.
///
/// @param text the text, in which special tokens are recognised
public record Trusted(String text) {}
