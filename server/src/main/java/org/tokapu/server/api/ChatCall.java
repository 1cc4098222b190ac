package org.tokapu.server.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.RequestBody;
import org.tokapu.text.chat.ChatRequest;

/// What a client asks of `/v1/chat/completions`.
///
/// @param model who is to answer
/// @param request the conversation and the tools
/// @param params how
/// @param n how many answers
/// @param stream whether in chunks
/// @param includeUsage whether the chunks end with the usage
record ChatCall(
    ServedModel model,
    ChatRequest request,
    SamplingParams params,
    int n,
    boolean stream,
    boolean includeUsage) {
  private static final List<String> TIERS =
      List.of("auto", "default", "flex", "scale", "priority", "fast");

  /// Reads a body, strictly.
  ///
  /// @throws ApiError 400 or 404
  static ChatCall read(RequestBody body, ServedModels models) {
    ServedModel model = models.of(body);
    ChatRequest request = request(body);
    SamplingParams params = SamplingFields.read(body, model.tokenizer().vocabularySize());
    Optional<Integer> limit =
        SamplingFields.maxTokens(body, 1, "max_completion_tokens", "max_tokens");
    params = model.withTemplateStops(params.withMaxTokens(limit.orElse(-1)));
    int n = (int) body.integer("n", 1, 128).orElse(1);
    boolean stream = body.flag("stream").orElse(false);
    boolean usage = includeUsage(body, stream);
    params = params.withLogProbs(logProbs(body));
    refuseOthers(body);
    body.end();
    return new ChatCall(model, request, params, n, stream, usage);
  }

  /// Returns the prompt; it fits.
  ///
  /// @throws ApiError 400 `context_length_exceeded`
  Prompt prompt() {
    int[] ids = model.encode(request);
    model.requireFit(ids, "messages");
    return new Prompt(ids, true);
  }

  private static ChatRequest request(RequestBody body) {
    ChatRequest request =
        ChatRequest.ofMaps(MessageFields.messages(body)).withTools(MessageFields.tools(body));
    Map<String, @Nullable Object> variables = body.map("chat_template_kwargs").orElse(Map.of());
    for (Map.Entry<String, @Nullable Object> variable : variables.entrySet()) {
      request = request.withVariable(variable.getKey(), variable.getValue());
    }
    return request;
  }

  private static int logProbs(RequestBody body) {
    boolean wanted = body.flag("logprobs").orElse(false);
    if (body.has("top_logprobs") && !wanted) {
      throw body.wrong(
          "top_logprobs",
          "invalid_parameter_combination",
          "'top_logprobs' is only allowed when 'logprobs' is true.");
    }
    int top = (int) body.integer("top_logprobs", 0, 20).orElse(0);
    return wanted ? top : -1;
  }

  /// Takes `stream_options`.
  static boolean includeUsage(RequestBody body, boolean stream) {
    Optional<RequestBody> options = body.object("stream_options");
    if (options.isEmpty()) {
      return false;
    }
    if (!stream) {
      throw body.wrong(
          "stream_options",
          "invalid_parameter_combination",
          "'stream_options' is only allowed when 'stream' is true.");
    }
    boolean usage = options.get().flag("include_usage").orElse(false);
    if (options.get().flag("include_obfuscation").orElse(false)) {
      options.get().refuse("include_obfuscation", "chunks are sent as they are");
    }
    options.get().end();
    return usage;
  }

  private static void refuseOthers(RequestBody body) {
    accept(body);
    body.object("response_format")
        .ifPresent(format -> {
          if (!format.requireText("type").equals("text")) {
            throw format.wrong(
                "type", "unsupported_value", "Only the response format 'text' is supported yet.");
          }
          format.end();
        });
    if (!body.texts("modalities").orElse(List.of("text")).equals(List.of("text"))) {
      throw body.wrong(
          "modalities",
          "unsupported_value",
          "This server has text models: only 'text' is possible.");
    }
    if (!body.text("verbosity").orElse("medium").equals("medium")) {
      body.refuse("verbosity", "say in the messages how long an answer is to be");
    }
    body.refuse("functions", "it is deprecated; use tools");
    body.refuse("function_call", "it is deprecated; use tool_choice");
    body.refuse("audio", "this server has no audio models");
    body.refuse("prediction", "predicted outputs do not exist here");
    body.refuse(
        "reasoning_effort", "templates name such a switch themselves; use chat_template_kwargs");
    body.refuse("web_search_options", "this server does not search the web");
    body.refuse("moderation", "this server does not moderate");
    body.refuse("session", "sessions are not switched on");
  }

  /// Takes what has no effect on an answer.
  private static void accept(RequestBody body) {
    body.text("user");
    body.text("safety_identifier");
    body.text("prompt_cache_key");
    body.text("prompt_cache_retention");
    body.object("prompt_cache_options");
    body.oneOf("service_tier", TIERS);
    body.flag("parallel_tool_calls");
    body.map("metadata")
        .ifPresent(map ->
            map.forEach((key, value) -> {
              if (!(value instanceof String)) {
                throw body.wrong(
                    "metadata." + key, "invalid_type", "The values of 'metadata' must be strings.");
              }
            }));
    if (body.flag("store").orElse(false)) {
      body.refuse("store", "nothing is stored; send false, or leave it out");
    }
  }
}
