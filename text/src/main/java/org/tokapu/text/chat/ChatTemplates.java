package org.tokapu.text.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.tokapu.base.TokapuException;

/// The templates that come along, for models that bring none or a broken one.
///
/// | name | format |
/// |---|---|
/// | `llama2` | `[INST] <<SYS>>` of LLaMA 2 chat |
/// | `alpaca` | `### Instruction:` and `### Response:` of Stanford Alpaca, turns ended by EOS |
/// | `vicuna` | `USER:` and `ASSISTANT:` of Vicuna 1.1 |
/// | `mistral` | `[INST]` of Mistral 7B Instruct v0.1 and v0.2, with a system prompt |
/// | `llama3` | `<|start_header_id|>` of Llama 3 and 3.x, without tools |
/// | `chatml` | `<|im_start|>` of ChatML: Qwen, SmolLM, Hermes and many others |
/// | `gemma` | `<start_of_turn>` of Gemma 1 to 3; a system message opens the first user turn |
/// | `phi3` | `<|user|>` and `<|end|>` of Phi-3 and Phi-3.5 |
/// | `plain` | `User:` and `Assistant:`; no special tokens, so that it suits any vocabulary |
public final class ChatTemplates {
  /// A template that comes along.
  ///
  /// @param mark a text that tells its format in the source of any template; empty for none
  /// @param stops strings that end an answer
  private record Known(String name, String mark, List<String> stops) {}

  private static final List<Known> ALL =
      List.of(
          new Known("llama2", "<<SYS>>", List.of()),
          new Known("alpaca", "### Instruction:", List.of("### Instruction:")),
          new Known("vicuna", "ASSISTANT:", List.of("USER:")),
          new Known("mistral", "[INST]", List.of()),
          new Known("llama3", "<|start_header_id|>", List.of("<|eot_id|>")),
          new Known("chatml", "<|im_start|>", List.of("<|im_end|>")),
          new Known("gemma", "<start_of_turn>", List.of("<end_of_turn>")),
          new Known("phi3", "<|end|>", List.of("<|end|>")),
          new Known("plain", "", List.of("\nUser:", "\nSystem:")));

  private ChatTemplates() {}

  /// Returns the names that [#byName] knows.
  public static List<String> names() {
    return ALL.stream().map(Known::name).toList();
  }

  /// Returns a template by its name.
  ///
  /// @throws TokapuException if there is none; the message lists the names
  public static ChatTemplate byName(String name) {
    for (Known known : ALL) {
      if (known.name.equals(name)) {
        return ChatTemplate.parse(source(name), name, known.stops);
      }
    }
    throw new TokapuException(
        "there is no chat template '" + name + "'; there are " + String.join(", ", names()));
  }

  /// Returns the template for models that have none: it uses no special tokens.
  public static ChatTemplate plain() {
    return byName("plain");
  }

  /// Returns which format the source of a template seems to be of, for suggestions.
  public static Optional<String> recognize(String source) {
    return ALL.stream()
        .filter(known -> !known.mark.isEmpty() && source.contains(known.mark))
        .map(Known::name)
        .findFirst();
  }

  private static String source(String name) {
    try (InputStream in = ChatTemplates.class.getResourceAsStream(name + ".jinja")) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name + ".jinja");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
