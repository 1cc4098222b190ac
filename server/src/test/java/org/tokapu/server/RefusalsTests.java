package org.tokapu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokapu.server.TestServer.chat;
import static org.tokapu.server.TestServer.completion;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// What is refused, with which status, path and code.
class RefusalsTests {
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(ServerOptions.defaults().withBodyLimit(1 << 16), 2, 64);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Arguments chatWith(String field, String param, String code) {
    return Arguments.of(CHAT, chat(field), 400, param, code);
  }

  private static Arguments messages(String messages, String param, String code) {
    return Arguments.of(
        CHAT, "{\"model\":\"tiny\",\"messages\":" + messages + "}", 400, param, code);
  }

  private static Arguments completionWith(String field, String param, String code) {
    return Arguments.of(COMPLETIONS, completion(field), 400, param, code);
  }

  static Stream<Arguments> refused() {
    String deep = "[".repeat(2000) + "]".repeat(2000);
    return Stream.of(
        Arguments.of(CHAT, "", 400, null, "invalid_json"),
        Arguments.of(CHAT, "{\"model\":", 400, null, "invalid_json"),
        Arguments.of(CHAT, "[1]", 400, null, "invalid_type"),
        Arguments.of(CHAT, "{\"a\":1,\"a\":2}", 400, null, "invalid_json"),
        Arguments.of(CHAT, "{\"temperature\":NaN}", 400, null, "invalid_json"),
        Arguments.of(CHAT, chat("\"x\":" + deep), 400, null, "invalid_json"),
        Arguments.of(CHAT, chat() + " 1", 400, null, "invalid_json"),
        Arguments.of(CHAT, "{}", 400, "model", "missing_required_parameter"),
        Arguments.of(CHAT, "{\"model\":\"tiny\"}", 400, "messages", "missing_required_parameter"),
        Arguments.of(CHAT, "{\"model\":\"gpt\"}", 404, "model", "model_not_found"),
        Arguments.of(CHAT, "{\"model\":3}", 400, "model", "invalid_type"),
        messages("[]", "messages", "empty_array"),
        messages("\"hi\"", "messages", "invalid_type"),
        messages("[3]", "messages[0]", "invalid_type"),
        messages(
            "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"king\",\"content\":\"b\"}]",
            "messages[1].role",
            "invalid_value"),
        messages("[{\"content\":\"a\"}]", "messages[0].role", "missing_required_parameter"),
        messages("[{\"role\":\"user\"}]", "messages[0].content", "missing_required_parameter"),
        messages("[{\"role\":\"user\",\"content\":3}]", "messages[0].content", "invalid_type"),
        messages(
            "[{\"role\":\"user\",\"content\":\"a\",\"x\":1}]",
            "messages[0].x",
            "unknown_parameter"),
        messages(
            "[{\"role\":\"tool\",\"content\":\"a\"}]",
            "messages[0].tool_call_id",
            "missing_required_parameter"),
        messages(
            "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}]",
            "messages[0].content[0].type",
            "unsupported_value"),
        messages(
            "[{\"role\":\"user\",\"content\":\"%s\"}]".formatted("word ".repeat(2000)),
            "messages",
            "context_length_exceeded"),
        chatWith("\"foo\":1", "foo", "unknown_parameter"),
        chatWith("\"temperature\":3", "temperature", "decimal_above_max_value"),
        chatWith("\"temperature\":-1", "temperature", "decimal_below_min_value"),
        chatWith("\"temperature\":1e999", "temperature", "decimal_above_max_value"),
        chatWith("\"temperature\":\"1\"", "temperature", "invalid_type"),
        chatWith("\"top_p\":1.5", "top_p", "decimal_above_max_value"),
        chatWith("\"n\":0", "n", "integer_below_min_value"),
        chatWith("\"n\":1000", "n", "integer_above_max_value"),
        chatWith("\"n\":1.5", "n", "invalid_type"),
        chatWith("\"seed\":99999999999999999999999", "seed", "integer_above_max_value"),
        chatWith("\"max_tokens\":0", "max_tokens", "integer_below_min_value"),
        chatWith(
            "\"max_tokens\":3,\"max_completion_tokens\":4",
            "max_completion_tokens",
            "invalid_parameter_combination"),
        chatWith("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop", "array_above_max_length"),
        chatWith("\"stop\":[1]", "stop[0]", "invalid_type"),
        chatWith("\"stream\":1", "stream", "invalid_type"),
        chatWith("\"stream_options\":{}", "stream_options", "invalid_parameter_combination"),
        chatWith(
            "\"stream\":true,\"stream_options\":{\"x\":1}",
            "stream_options.x",
            "unknown_parameter"),
        chatWith("\"top_logprobs\":2", "top_logprobs", "invalid_parameter_combination"),
        chatWith(
            "\"logprobs\":true,\"top_logprobs\":21", "top_logprobs", "integer_above_max_value"),
        chatWith("\"logit_bias\":{\"x\":1}", "logit_bias", "invalid_value"),
        chatWith("\"logit_bias\":{\"99999999\":1}", "logit_bias", "invalid_value"),
        chatWith("\"logit_bias\":{\"1\":101}", "logit_bias", "invalid_value"),
        chatWith("\"presence_penalty\":3", "presence_penalty", "decimal_above_max_value"),
        chatWith(
            "\"response_format\":{\"type\":\"json_object\"}",
            "response_format.type",
            "unsupported_value"),
        chatWith("\"tool_choice\":\"required\"", "tool_choice", "unsupported_value"),
        chatWith("\"tools\":[{\"type\":\"custom\"}]", "tools[0].type", "unsupported_value"),
        chatWith(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]",
            "tools[0].function.name",
            "invalid_value"),
        chatWith("\"functions\":[]", "functions", "unsupported_parameter"),
        chatWith("\"store\":true", "store", "unsupported_parameter"),
        chatWith("\"audio\":{}", "audio", "unsupported_parameter"),
        chatWith("\"modalities\":[\"audio\"]", "modalities", "unsupported_value"),
        chatWith("\"mirostat\":1", "mirostat", "unsupported_value"),
        chatWith("\"samplers\":[\"nope\"]", "samplers", "invalid_value"),
        chatWith("\"metadata\":{\"a\":1}", "metadata.a", "invalid_type"),
        completionWith("\"suffix\":\"x\"", "suffix", "unsupported_parameter"),
        completionWith("\"best_of\":1,\"n\":2", "best_of", "invalid_value"),
        completionWith("\"best_of\":2,\"stream\":true", "best_of", "invalid_parameter_combination"),
        completionWith("\"logprobs\":6", "logprobs", "integer_above_max_value"),
        Arguments.of(
            COMPLETIONS, "{\"model\":\"tiny\",\"prompt\":[]}", 400, "prompt", "empty_array"),
        Arguments.of(
            COMPLETIONS,
            "{\"model\":\"tiny\",\"prompt\":[1,-2]}",
            400,
            "prompt[1]",
            "invalid_value"),
        Arguments.of(
            COMPLETIONS,
            "{\"model\":\"tiny\",\"prompt\":[\"a\",true]}",
            400,
            "prompt[1]",
            "invalid_type"),
        Arguments.of("/v1/nope", "{}", 404, null, "unknown_url"),
        Arguments.of("/v1/models", "{}", 405, null, "method_not_allowed"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefused(String path, String body, int status, String param, String code) throws Exception {
    check(server.post(path, body), status, param, code);
  }

  private static void check(HttpResponse<String> answer, int status, String param, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonObject error =
        JsonObject.of(Json.parse(answer.body(), "answer"), "answer", "")
            .object("error")
            .orElseThrow();
    assertThat(error.map()).containsOnlyKeys("message", "type", "param", "code");
    assertThat(error.map()).containsEntry("param", param).containsEntry("code", code);
    assertThat(error.text("message").orElseThrow()).isNotBlank();
    assertThat(error.text("type")).contains("invalid_request_error");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
  }

  @Test
  void brokenUtf8IsRefused() throws Exception {
    byte[] body = {'{', '"', (byte) 0xED, (byte) 0xA0, '"', ':', '1', '}'};
    HttpRequest request =
        server
            .request(CHAT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    check(server.send(request), 400, null, "invalid_utf8");
  }

  @Test
  void aLargeBodyIsRefusedAndTheAnswerIsRead() throws Exception {
    String body = chat("\"user\":\"" + "x".repeat(1 << 20) + "\"");
    check(server.post(CHAT, body), 413, null, "body_too_large");
  }

  @Test
  void otherMediaTypesAreRefused() throws Exception {
    HttpRequest request =
        server
            .request(CHAT)
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(chat()))
            .build();
    check(server.send(request), 415, null, "unsupported_media_type");
  }

  @Test
  void foreignPagesAreRefused() throws Exception {
    HttpRequest request =
        server.request("/v1/models").header("Origin", "https://evil.example").build();
    check(server.send(request), 403, null, "origin_not_allowed");
    HttpRequest own = server.request("/v1/models").header("Origin", server.url()).build();
    assertThat(server.send(own).statusCode()).isEqualTo(200);
  }

  @Test
  void listedPagesMayCall() throws Exception {
    try (TestServer open =
        TestServer.start(
            ServerOptions.defaults().withOrigins(java.util.List.of("https://chat.example")),
            1,
            8)) {
      HttpRequest preflight =
          open.request(CHAT)
              .header("Origin", "https://chat.example")
              .header("Access-Control-Request-Method", "POST")
              .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
              .build();
      HttpResponse<String> answer = open.send(preflight);
      assertThat(answer.statusCode()).isEqualTo(204);
      assertThat(answer.headers().firstValue("access-control-allow-origin"))
          .contains("https://chat.example");
    }
  }
}
