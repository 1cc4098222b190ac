package org.tokapu.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.text.Encoding;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.chat.jinja.Rendered;
import org.tokapu.text.chat.jinja.Template;
import org.tokapu.text.tokenizer.Tokenizers;

/// Any text as a template, and any text from users in the templates that come along.
class TemplatesFuzzTests {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  private static final Map<String, @Nullable Object> VARIABLES =
      Map.of(
          "x", "a b-c",
          "xs", List.of(1L, "b", List.of(), 2.5),
          "d", Map.of("k", "v"),
          "messages", List.of(Map.of("role", "user", "content", "안녕")));

  /// Text beyond this is refused by the engine (24 million chars and some for each input char).
  private static final int MOST_CHARS = 25_000_000;

  private static final List<String> SPECIAL =
      List.of(
          "<s>",
          "</s>",
          "[INST]",
          "[/INST]",
          "<|begin_of_text|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|eot_id|>",
          "<|im_start|>",
          "<|im_end|>",
          "<bos>",
          "<start_of_turn>",
          "<end_of_turn>",
          "<|user|>",
          "<|assistant|>",
          "<|system|>",
          "<|end|>");

  private static final Tokenizer TOKENIZER = tokenizer();
  private static final List<ChatTemplate> TEMPLATES =
      ChatTemplates.names().stream().map(ChatTemplates::byName).toList();

  @FuzzTest
  void jinja(byte[] data) {
    try {
      Template template = Template.parse(new String(data, StandardCharsets.UTF_8), "input");
      Rendered out = template.render(VARIABLES, CLOCK);
      assertThat(out.text().length()).isLessThan(MOST_CHARS);
      placesGrowAndStayInside(out.foreign(), out.text().length());
    } catch (TokapuException e) {
      assertThat(e).hasMessageContaining("input");
    }
  }

  @FuzzTest
  void chatTemplate(byte[] data) {
    try {
      ChatTemplate template = ChatTemplate.parse(new String(data, StandardCharsets.UTF_8), "input");
      ChatPrompt prompt = template.render(conversation(List.of("Be kind.", "안녕", "Hi", "왜?")));
      placesGrowAndStayInside(prompt.foreign(), prompt.text().length());
    } catch (TokapuException e) {
      assertThat(e).hasMessageContaining("input");
    }
  }

  /// The first byte chooses the template; NUL separates what the system, the user and the assistant
  /// say.
  @FuzzTest
  void userText(byte[] data) {
    if (data.length == 0) {
      return;
    }
    ChatTemplate template = TEMPLATES.get((data[0] & 0xFF) % TEMPLATES.size());
    List<String> texts =
        List.of(new String(data, 1, data.length - 1, StandardCharsets.UTF_8).split("\0", -1));
    ChatPrompt prompt = template.render(conversation(texts));
    placesGrowAndStayInside(prompt.foreign(), prompt.text().length());
    ChatPrompt harmless = template.render(conversation(texts.stream().map(t -> "x").toList()));
    // What the template wrote does not depend on what users wrote, spaces that it trims apart ...
    assertThat(ownText(prompt)).isEqualTo(ownText(harmless));
    // ... and special tokens come from there alone.
    Encoding tokens = TOKENIZER.encodeWithOffsets(prompt.text(), prompt, false);
    for (int t = 0; t < tokens.ids().length; t++) {
      if (tokens.ids()[t] >= 256) {
        assertThat(isOwn(prompt.foreign(), tokens.starts()[t], tokens.ends()[t])).isTrue();
      }
    }
    assertThat(specialTokens(prompt)).isEqualTo(specialTokens(harmless));
  }

  private static List<Integer> specialTokens(ChatPrompt prompt) {
    List<Integer> out = new ArrayList<>();
    for (int id : TOKENIZER.encode(prompt.text(), prompt)) {
      if (id >= 256) {
        out.add(id);
      }
    }
    return out;
  }

  private static boolean isOwn(int[] foreign, int start, int end) {
    for (int i = 0; i < foreign.length; i += 2) {
      if (foreign[i] < end && start < foreign[i + 1]) {
        return false;
      }
    }
    return true;
  }

  private static String ownText(ChatPrompt prompt) {
    StringBuilder own = new StringBuilder();
    int last = 0;
    int[] foreign = prompt.foreign();
    for (int i = 0; i < foreign.length; i += 2) {
      own.append(prompt.text(), last, foreign[i]);
      last = foreign[i + 1];
    }
    return own.append(prompt.text(), last, prompt.text().length()).toString().replaceAll("\\s", "");
  }

  private static void placesGrowAndStayInside(int[] places, int length) {
    assertThat(places.length % 2).isZero();
    int before = 0;
    for (int place : places) {
      assertThat(place).isBetween(before, length);
      before = place;
    }
  }

  /// A system message, then user and assistant in turn, the user last.
  private static ChatRequest conversation(List<String> texts) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < texts.size() && i < 12; i++) {
      String role = i == 0 && texts.size() > 1 ? "system" : i % 2 == 0 ? "assistant" : "user";
      messages.add(Message.of(texts.size() == 1 ? "user" : role, texts.get(i)));
    }
    if (!messages.getLast().role().equals("user")) {
      messages.add(Message.user(texts.getLast()));
    }
    return ChatRequest.of(messages)
        .withSpecialTokens(Map.of("bos_token", "<s>", "eos_token", "</s>"))
        .at(CLOCK);
  }

  /// A byte-level tokenizer without merges that knows the special tokens of all these templates.
  private static Tokenizer tokenizer() {
    Map<String, @Nullable Object> vocabulary = new LinkedHashMap<>();
    for (int b = 0, beyond = 256; b < 256; b++) {
      boolean printable = b > 32 && b < 127 || b > 160 && b != 173;
      vocabulary.put(String.valueOf((char) (printable ? b : beyond++)), (long) b);
    }
    List<Object> added = new ArrayList<>();
    for (String token : SPECIAL) {
      added.add(Map.of("id", 256L + added.size(), "content", token, "special", true));
    }
    Map<String, Object> byteLevel =
        Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", false);
    Map<String, @Nullable Object> whole = new HashMap<>();
    whole.put("added_tokens", added);
    whole.put("pre_tokenizer", byteLevel);
    whole.put("decoder", byteLevel);
    whole.put("model", Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
    byte[] json = Json.write(whole).getBytes(StandardCharsets.UTF_8);
    return Tokenizers.fromTokenizerJson(json, null, "special");
  }
}
