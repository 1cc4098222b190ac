package org.tokapu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.tokapu.server.TestServer.chat;
import static org.tokapu.server.TestServer.completion;

import dev.harrel.jsonschema.ValidatorFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;

/// Answers of a real server: what is in them, and that they are what OpenAI's description says.
class AnswersTests {
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonObject choice(JsonObject answer) {
    return answer.objects("choices").getFirst();
  }

  private static String content(JsonObject answer) {
    return choice(answer).object("message").orElseThrow().text("content").orElseThrow();
  }

  private static String streamed(List<JsonObject> chunks, int index) {
    return chunks.stream()
        .flatMap(chunk -> chunk.objects("choices").stream())
        .filter(choice -> choice.integer("index").orElseThrow() == index)
        .map(choice -> choice.object("delta").orElseThrow().text("content").orElse(""))
        .collect(Collectors.joining());
  }

  @Test
  void aStreamSaysTheSameAsAnAnswerAtOnce() throws Exception {
    String[] fields = {"\"seed\":7", "\"max_tokens\":24", "\"n\":2", "\"logprobs\":true"};
    JsonObject whole = server.json(CHAT, chat(fields));
    List<String> more = new ArrayList<>(List.of(fields));
    more.add("\"stream\":true");
    List<JsonObject> chunks = server.chunks(CHAT, chat(more.toArray(String[]::new)));
    for (int i = 0; i < 2; i++) {
      String text =
          whole
              .objects("choices")
              .get(i)
              .object("message")
              .orElseThrow()
              .text("content")
              .orElse("");
      assertThat(streamed(chunks, i)).isEqualTo(text);
    }
  }

  @Test
  void aStreamBeginsWithTheRoleAndEndsWithReasonAndUsage() throws Exception {
    List<JsonObject> chunks =
        server.chunks(
            CHAT,
            chat(
                "\"stream\":true",
                "\"max_tokens\":5",
                "\"stream_options\":{\"include_usage\":true}"));
    JsonObject first = choice(chunks.getFirst());
    assertThat(first.object("delta").orElseThrow().text("role")).contains("assistant");
    JsonObject last = choice(chunks.get(chunks.size() - 2));
    assertThat(last.text("finish_reason")).isPresent();
    for (JsonObject chunk : chunks.subList(0, chunks.size() - 2)) {
      assertThat(choice(chunk).text("finish_reason")).isEmpty();
      assertThat(chunk.map()).containsEntry("usage", null);
    }
    JsonObject usage = chunks.getLast().object("usage").orElseThrow();
    assertThat(chunks.getLast().objects("choices")).isEmpty();
    assertThat(usage.integer("completion_tokens").orElseThrow()).isBetween(1, 5);
  }

  @Test
  void theSeedDecides() throws Exception {
    String body = chat("\"seed\":11", "\"max_tokens\":20");
    assertThat(content(server.json(CHAT, body))).isEqualTo(content(server.json(CHAT, body)));
    String other = chat("\"seed\":12", "\"max_tokens\":20");
    assertThat(content(server.json(CHAT, other))).isNotEqualTo(content(server.json(CHAT, body)));
  }

  @Test
  void bytesOfTokensAreTheText() throws Exception {
    for (int seed = 0; seed < 6; seed++) {
      JsonObject answer =
          server.json(
              CHAT,
              chat(
                  "\"logprobs\":true",
                  "\"top_logprobs\":3",
                  "\"max_tokens\":40",
                  "\"stop\":[\"e a\",\"th\"]",
                  "\"seed\":" + seed));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (JsonObject token : choice(answer).object("logprobs").orElseThrow().objects("content")) {
        token.list("bytes").forEach(b -> bytes.write(((Long) b).intValue()));
        assertThat(token.objects("top_logprobs")).hasSize(3);
      }
      assertThat(shown(bytes.toString(StandardCharsets.UTF_8))).isEqualTo(shown(content(answer)));
    }
  }

  /// Decoders differ in how many U+FFFD they show for broken bytes.
  private static String shown(String text) {
    return text.replaceAll("\uFFFD+", "\uFFFD");
  }

  @Test
  void stopStringsEndAndAreNoText() throws Exception {
    // Different enough that a pair of letters comes for the first time somewhere in the middle.
    String fields = "\"seed\":3,\"max_tokens\":40";
    String all = content(server.json(CHAT, chat(fields)));
    int at = 3;
    while (all.indexOf(all.substring(at, at + 2)) < at) {
      at++;
    }
    JsonObject cut =
        server.json(CHAT, chat(fields, "\"stop\":" + quoted(all.substring(at, at + 2))));
    assertThat(content(cut)).isEqualTo(all.substring(0, at));
    assertThat(choice(cut).text("finish_reason")).contains("stop");
  }

  private static String quoted(String text) {
    return Json.write(text);
  }

  @Test
  void echoPutsThePromptInFrontAndJudgesIt() throws Exception {
    JsonObject answer =
        server.json(COMPLETIONS, completion("\"echo\":true", "\"max_tokens\":0", "\"logprobs\":2"));
    JsonObject choice = choice(answer);
    assertThat(choice.text("text")).contains("Once upon a time");
    JsonObject logprobs = choice.object("logprobs").orElseThrow();
    assertThat(logprobs.list("tokens").stream().map(String::valueOf).collect(Collectors.joining()))
        .isEqualTo("Once upon a time");
    assertThat(answer.object("usage").orElseThrow().integer("completion_tokens")).contains(0);
  }

  @Test
  void whatEchoSaysOfATokenIsWhatGeneratingItSaid() throws Exception {
    String fields = "\"temperature\":0,\"logprobs\":0";
    JsonObject made = server.json(COMPLETIONS, completion(fields, "\"max_tokens\":8"));
    JsonObject said = choice(made).object("logprobs").orElseThrow();
    String text = "Once upon a time" + choice(made).text("text").orElseThrow();
    JsonObject tokens =
        server.json(
            "/v1/tokenize",
            "{\"model\":\"tiny\",\"add_special\":true,\"text\":" + quoted(text) + "}");
    JsonObject judged =
        server.json(
            COMPLETIONS,
            "{\"model\":\"tiny\",\"echo\":true,\"max_tokens\":0,\"logprobs\":0,\"prompt\":"
                + Json.write(tokens.list("tokens"))
                + "}");
    JsonObject heard = choice(judged).object("logprobs").orElseThrow();
    assumeTrue(
        tail(heard, "tokens", said).equals(said.list("tokens")),
        "SKIPPED: the text that was generated is tokenized otherwise");
    assertThat(tail(heard, "token_logprobs", said)).isEqualTo(said.list("token_logprobs"));
  }

  private static List<?> tail(JsonObject of, String key, JsonObject asLongAs) {
    List<?> list = of.list(key);
    return list.subList(Math.max(0, list.size() - asLongAs.list(key).size()), list.size());
  }

  @Test
  void bestOfTakesTheLikeliest() throws Exception {
    JsonObject answer =
        server.json(
            COMPLETIONS, completion("\"best_of\":4", "\"n\":2", "\"seed\":1", "\"max_tokens\":6"));
    assertThat(answer.objects("choices")).hasSize(2);
    assertThat(answer.object("usage").orElseThrow().integer("completion_tokens").orElseThrow())
        .isBetween(4, 24);
  }

  @Test
  void promptsComeInFourForms() throws Exception {
    JsonObject tokens =
        server.json(
            "/v1/tokenize", "{\"model\":\"tiny\",\"add_special\":true,\"text\":\"Once upon\"}");
    String ids = Json.write(tokens.list("tokens"));
    for (String prompt : List.of("\"Once upon\"", "[\"Once upon\"]", ids, "[" + ids + "]")) {
      JsonObject answer =
          server.json(
              COMPLETIONS,
              "{\"model\":\"tiny\",\"temperature\":0,\"max_tokens\":8,\"prompt\":" + prompt + "}");
      JsonObject same =
          server.json(
              COMPLETIONS,
              "{\"model\":\"tiny\",\"temperature\":0,\"max_tokens\":8,\"prompt\":\"Once upon\"}");
      assertThat(choice(answer).map()).isEqualTo(choice(same).map());
    }
  }

  @Test
  void tokensAreTextAgain() throws Exception {
    JsonObject tokens =
        server.json("/v1/tokenize", "{\"model\":\"tiny\",\"text\":\"안녕, a llama\"}");
    JsonObject text =
        server.json(
            "/v1/detokenize",
            "{\"model\":\"tiny\",\"tokens\":" + Json.write(tokens.list("tokens")) + "}");
    assertThat(text.text("text")).contains("안녕, a llama");
  }

  @Test
  void aChatIsCountedAsItIsRead() throws Exception {
    int counted = server.json("/v1/chat/tokens", chat()).integer("input_tokens").orElseThrow();
    JsonObject answer = server.json(CHAT, chat("\"max_tokens\":1"));
    assertThat(answer.object("usage").orElseThrow().integer("prompt_tokens")).contains(counted);
  }

  /// Whole answers, then chunks, of requests that use what there is.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"max_tokens\":3",
        "\"max_completion_tokens\":3,\"n\":3",
        "\"max_tokens\":4,\"logprobs\":true,\"top_logprobs\":5",
        "\"max_tokens\":4,\"logit_bias\":{\"5\":-100,\"6\":10},\"presence_penalty\":1,\"frequency_penalty\":-1",
        "\"max_tokens\":4,\"top_k\":5,\"min_p\":0.1,\"typical_p\":0.9,\"repeat_penalty\":1.1,\"mirostat\":2",
        "\"max_tokens\":4,\"user\":\"u\",\"metadata\":{\"a\":\"b\"},\"store\":false,\"service_tier\":\"auto\"",
        "\"max_tokens\":4,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}],\"tool_choice\":\"auto\"",
        "\"max_tokens\":4,\"response_format\":{\"type\":\"text\"},\"stop\":\"x\",\"temperature\":0,\"top_p\":0.5"
      })
  void chatAnswersAreValid(String fields) throws Exception {
    Schemas schemas = Schemas.open();
    schemas.check("CreateChatCompletionResponse", server.json(CHAT, chat(fields)));
    String stream = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";
    for (JsonObject chunk : server.chunks(CHAT, chat(fields, stream))) {
      schemas.check("CreateChatCompletionStreamResponse", chunk);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"max_tokens\":3",
        "\"n\":2,\"logprobs\":3,\"max_tokens\":4",
        "\"echo\":true,\"logprobs\":1,\"max_tokens\":4"
      })
  void completionsAreValid(String fields) throws Exception {
    Schemas schemas = Schemas.open();
    schemas.check("CreateCompletionResponse", server.json(COMPLETIONS, completion(fields)));
    for (JsonObject chunk : server.chunks(COMPLETIONS, completion(fields, "\"stream\":true"))) {
      // Before the end OpenAI's own chunks have null here, against its own description.
      Map<String, Object> choice = new LinkedHashMap<>(choice(chunk).map());
      if (choice.get("finish_reason") == null) {
        choice.put("finish_reason", "stop");
      }
      Map<String, Object> ended = new LinkedHashMap<>(chunk.map());
      ended.put("choices", List.of(choice));
      schemas.check("CreateCompletionResponse", JsonObject.of(ended, "chunk", ""));
    }
  }

  @Test
  void modelsAreValid() throws Exception {
    Schemas schemas = Schemas.open();
    schemas.check("ListModelsResponse", server.get("/v1/models").body());
    schemas.check("Model", server.get("/v1/models/tiny").body());
    schemas.check("ErrorResponse", server.get("/v1/models/none").body());
  }

  /// OpenAI's schemas of the reference set.
  private record Schemas(Map<String, Object> all) {
    static Schemas open() throws IOException {
      Optional<Path> file = TestData.find("openai/schemas.json");
      assumeTrue(file.isPresent(), "SKIPPED: no OpenAI schemas in the reference set");
      return new Schemas(TestData.json(file.get()).map());
    }

    void check(String name, JsonObject value) throws IOException {
      check(name, Json.write(value.map()));
    }

    void check(String name, String value) {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
      schema.put("$ref", "#/$defs/" + name);
      schema.put("$defs", all.get("$defs"));
      var result = new ValidatorFactory().validate(Json.write(schema), value);
      assertThat(result.getErrors().stream().map(e -> e.getInstanceLocation() + " " + e.getError()))
          .as(value)
          .isEmpty();
      assertThat(result.isValid()).isTrue();
    }
  }
}
