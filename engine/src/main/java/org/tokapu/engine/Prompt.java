package org.tokapu.engine;

import org.tokapu.base.TokapuException;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.chat.ChatPrompt;

/// What a generation continues: a text, token ids, or a rendered conversation. Immutable.
public sealed interface Prompt {
  /// A text; the tokenizer puts around it what it puts around prompts (BOS, ...).
  ///
  /// @param scope where spellings of special tokens are special tokens
  record Text(String text, SpecialScope scope) implements Prompt {}

  /// Token ids, taken as they are.
  record Ids(int[] ids) implements Prompt {
    /// Keeps a copy.
    public Ids {
      ids = ids.clone();
    }
  }

  /// A rendered conversation: special tokens are recognised where the template wrote them, and BOS
  /// goes in front if the tokenizer wants one and the template wrote none.
  record Chat(ChatPrompt prompt) implements Prompt {}

  /// Returns a plain text: spellings of special tokens in it are plain text.
  static Prompt text(String text) {
    return new Text(text, SpecialScope.NONE);
  }

  /// Returns ids, taken as they are.
  static Prompt ids(int... ids) {
    return new Ids(ids);
  }

  /// Returns a rendered conversation.
  static Prompt chat(ChatPrompt prompt) {
    return new Chat(prompt);
  }

  /// Returns the tokens.
  ///
  /// @param model gives the tokenizer, if this needs one
  /// @throws TokapuException if there are none, or the model has no tokenizer
  default int[] encode(Model model) {
    int[] ids =
        switch (this) {
          case Text t -> model.requireTokenizer().encodePrompt(t.text, t.scope);
          case Ids i -> i.ids.clone();
          case Chat c -> encodeChat(model.requireTokenizer(), c.prompt);
        };
    if (ids.length == 0) {
      throw new TokapuException(
          "the prompt is empty: it has no tokens, and the tokenizer adds none; give it some text");
    }
    return ids;
  }

  private static int[] encodeChat(Tokenizer tokenizer, ChatPrompt prompt) {
    int[] ids = tokenizer.encode(prompt.text(), prompt);
    SpecialTokens special = tokenizer.special();
    int bos = special.bos();
    if (!special.addBos() || bos < 0 || (ids.length > 0 && ids[0] == bos)) {
      return ids;
    }
    int[] longer = new int[ids.length + 1];
    longer[0] = bos;
    System.arraycopy(ids, 0, longer, 1, ids.length);
    return longer;
  }
}
