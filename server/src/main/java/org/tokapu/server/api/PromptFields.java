package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.RequestBody;

/// Reads prompts: a text, several texts, token ids, or several lists of them.
final class PromptFields {
  private PromptFields() {}

  /// Takes a field in any of the four forms.
  ///
  /// @throws ApiError 400 naming what is wrong
  static List<int[]> prompts(RequestBody body, String key, ServedModel model) {
    if (body.any(key) instanceof String text) {
      return List.of(model.encode(text));
    }
    List<@Nullable Object> list = body.list(key).orElseThrow(() -> body.missing(key));
    if (list.isEmpty()) {
      throw body.wrong(key, "empty_array", "Invalid '%s': empty array.".formatted(key));
    }
    int vocabulary = model.tokenizer().vocabularySize();
    if (list.getFirst() instanceof Long) {
      return List.of(ids(body, key, vocabulary));
    }
    List<int[]> out = new ArrayList<>();
    for (Object item : list) {
      String path = key + "[" + out.size() + "]";
      out.add(
          switch (item) {
            case String text -> model.encode(text);
            case List<?> ids -> ids(body, path, ids, vocabulary);
            case null, default ->
                throw body.wrong(
                    path, "invalid_type", "Expected a string or an array of token ids.");
          });
    }
    return out;
  }

  /// Takes a list of token ids.
  static int[] ids(RequestBody body, String key, int vocabulary) {
    return ids(body, key, body.list(key).orElse(List.of()), vocabulary);
  }

  private static int[] ids(RequestBody body, String path, List<?> list, int vocabulary) {
    int[] out = new int[list.size()];
    for (int i = 0; i < out.length; i++) {
      if (!(list.get(i) instanceof Long id) || id < 0 || id >= vocabulary) {
        throw body.wrong(
            path + "[" + i + "]",
            "invalid_value",
            "Token ids of this model are integers from 0 to %d.".formatted(vocabulary - 1));
      }
      out[i] = id.intValue();
    }
    return out;
  }
}
