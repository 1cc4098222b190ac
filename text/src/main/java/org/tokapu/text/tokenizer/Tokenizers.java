package org.tokapu.text.tokenizer;

/// Opens tokenizers from the files they come in.
public final class Tokenizers {
  private Tokenizers() {}
}
