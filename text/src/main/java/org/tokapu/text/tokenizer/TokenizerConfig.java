package org.tokapu.text.tokenizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// What Hugging Face's `tokenizer_config.json` says besides `tokenizer.json`: which tokens have
/// which role, and the chat templates.
///
/// @param roles spellings by role: `bos_token`, `eos_token`, `unk_token`, `pad_token`, `cls_token`,
///   `sep_token`, `mask_token`
/// @param addBos `add_bos_token`, if it is there
/// @param addEos `add_eos_token`, if it is there
/// @param chatTemplates by name; the unnamed one is called `default`
public record TokenizerConfig(
    Map<String, String> roles,
    Optional<Boolean> addBos,
    Optional<Boolean> addEos,
    Map<String, String> chatTemplates) {

  /// Reads the file.
  ///
  /// @param source its name, for messages
  /// @throws org.tokapu.base.ModelFormatException if it is not what it should be
  public static TokenizerConfig parse(byte[] utf8, String source) {
    JsonObject json = Json.parseObject(utf8, source);
    Map<String, String> roles = new LinkedHashMap<>();
    for (String role :
        new String[] {
          "bos_token", "eos_token", "unk_token", "pad_token", "cls_token", "sep_token", "mask_token"
        }) {
      Object value = json.map().get(role);
      if (value instanceof String text) {
        roles.put(role, text);
      } else if (value != null) {
        JsonObject.of(value, source, role).text("content").ifPresent(t -> roles.put(role, t));
      }
    }
    Map<String, String> templates = new LinkedHashMap<>();
    Object template = json.map().get("chat_template");
    if (template instanceof String text) {
      templates.put("default", text);
    } else if (template != null) {
      for (JsonObject named : json.objects("chat_template")) {
        templates.put(named.text("name").orElse("default"), named.text("template").orElse(""));
      }
    }
    return new TokenizerConfig(
        Map.copyOf(roles), json.flag("add_bos_token"), json.flag("add_eos_token"), templates);
  }
}
