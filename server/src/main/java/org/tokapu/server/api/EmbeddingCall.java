package org.tokapu.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.RequestBody;

/// What a client asks of `/v1/embeddings`.
///
/// @param model whose vectors they are
/// @param inputs of what
/// @param base64 whether the vectors are written as bytes
/// @param dimensions how many numbers a vector is to have
record EmbeddingCall(ServedModel model, List<int[]> inputs, boolean base64, int dimensions) {
  private static final int MAX_INPUTS = 2048;

  /// Reads a body, strictly.
  ///
  /// @throws ApiError 400 or 404
  static EmbeddingCall read(RequestBody body, ServedModels models) {
    ServedModel model = models.of(body);
    checkTexts(body);
    List<int[]> inputs = PromptFields.prompts(body, "input", model);
    boolean single = body.any("input") instanceof String || !isNested(body);
    for (int i = 0; i < inputs.size(); i++) {
      check(inputs.get(i), model, single ? "input" : "input[" + i + "]");
    }
    boolean base64 =
        body.oneOf("encoding_format", List.of("float", "base64")).orElse("float").equals("base64");
    int size = model.model().embeddingSize();
    int dimensions = (int) body.integer("dimensions", 1, size).orElse(size);
    body.text("user");
    body.end();
    return new EmbeddingCall(model, inputs, base64, dimensions);
  }

  private static boolean isNested(RequestBody body) {
    return body.any("input") instanceof List<?> list
        && !list.isEmpty()
        && !(list.getFirst() instanceof Long);
  }

  /// Refuses too many inputs and texts without anything in them, before anything is tokenized.
  private static void checkTexts(RequestBody body) {
    if (!(body.any("input") instanceof List<?> list)) {
      requireText(body.any("input"), "input");
      return;
    }
    if (isNested(body) && list.size() > MAX_INPUTS) {
      throw body.wrong(
          "input",
          "array_above_max_length",
          "Invalid 'input': at most %d inputs are taken in one request, but there are %d."
              .formatted(MAX_INPUTS, list.size()));
    }
    for (int i = 0; i < list.size(); i++) {
      requireText(list.get(i), "input[" + i + "]");
    }
  }

  private static void requireText(@Nullable Object value, String path) {
    if (value instanceof String text && text.isEmpty()) {
      throw ApiError.invalid(
          path, "invalid_value", "Invalid '%s': input cannot be an empty string.".formatted(path));
    }
  }

  private static void check(int[] ids, ServedModel model, String path) {
    if (ids.length == 0) {
      throw ApiError.invalid(
          path, "empty_array", "Invalid '%s': the input has no tokens.".formatted(path));
    }
    model.requireWithinContext(ids, path);
  }
}
