package org.tokapu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// Vectors over HTTP.
class EmbeddingsTests {
  private static final String PATH = "/v1/embeddings";

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String body(String input, String... more) {
    StringBuilder out = new StringBuilder("{\"model\":\"tiny\",\"input\":" + input);
    for (String field : more) {
      out.append(',').append(field);
    }
    return out.append('}').toString();
  }

  private static JsonObject ask(String input, String... more) throws Exception {
    return server.json(PATH, body(input, more));
  }

  private static List<float[]> vectors(JsonObject answer) {
    List<float[]> out = new ArrayList<>();
    for (JsonObject item : answer.objects("data")) {
      assertThat(item.text("object")).contains("embedding");
      assertThat(item.integer("index")).contains(out.size());
      List<?> numbers = item.list("embedding");
      float[] vector = new float[numbers.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = ((Number) numbers.get(i)).floatValue();
      }
      out.add(vector);
    }
    return out;
  }

  private static double length(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    return Math.sqrt(squares);
  }

  @Test
  void everyFormOfInputGivesTheSameBitsAloneAndAmongOthers() throws Exception {
    JsonObject answer = ask("[\"Once upon a time\",\"there was\",\"Once upon a time\"]");
    assertThat(answer.text("object")).contains("list");
    assertThat(answer.text("model")).contains("tiny");
    List<float[]> batch = vectors(answer);
    assertThat(batch).hasSize(3);
    float[] alone = vectors(ask("\"Once upon a time\"", "\"user\":\"somebody\"")).getFirst();
    assertThat(batch.get(0)).isEqualTo(alone);
    assertThat(batch.get(2)).isEqualTo(alone);
    assertThat(batch.get(1)).isNotEqualTo(alone);
    assertThat(length(alone)).isCloseTo(1, within(1e-5)); // float32
    String ids =
        Json.write(
            server
                .json(
                    "/v1/tokenize",
                    "{\"model\":\"tiny\",\"text\":\"Once upon a time\",\"add_special\":true}")
                .list("tokens"));
    assertThat(vectors(ask(ids)).getFirst()).isEqualTo(alone);
    assertThat(vectors(ask("[[5]," + ids + "]")).get(1)).isEqualTo(alone);
  }

  @Test
  void countsTokens() throws Exception {
    JsonObject usage = ask("[[5,6],[7]]").object("usage").orElseThrow();
    assertThat(usage.integer("prompt_tokens")).contains(3);
    assertThat(usage.integer("total_tokens")).contains(3);
  }

  @Test
  void base64IsLittleEndianFloat32() throws Exception {
    float[] numbers = vectors(ask("[5,6]", "\"encoding_format\":\"float\"")).getFirst();
    String text =
        ask("[5,6]", "\"encoding_format\":\"base64\"")
            .objects("data")
            .getFirst()
            .text("embedding")
            .orElseThrow();
    float[] found = new float[numbers.length];
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    assertThat(bytes.remaining()).isEqualTo(4 * numbers.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(found);
    assertThat(found).isEqualTo(numbers);
  }

  @Test
  void fewerDimensionsAreTheFirstOnesAtLengthOne() throws Exception {
    float[] whole = vectors(ask("[5,6]")).getFirst();
    float[] few = vectors(ask("[5,6]", "\"dimensions\":3")).getFirst();
    assertThat(few).hasSize(3);
    assertThat(length(few)).isCloseTo(1, within(1e-6)); // float32
    double scale = Math.sqrt(whole[0] * whole[0] + whole[1] * whole[1] + whole[2] * whole[2]);
    for (int i = 0; i < 3; i++) {
      assertThat(few[i] * scale).isCloseTo(whole[i], within(1e-6)); // float32
    }
  }

  static Stream<Arguments> refused() {
    String many = Collections.nCopies(2049, "\"a\"").toString();
    String tooLong = Collections.nCopies(513, "5").toString();
    return Stream.of(
        Arguments.of("{\"model\":\"tiny\"}", "input", "missing_required_parameter"),
        Arguments.of(body("[]"), "input", "empty_array"),
        Arguments.of(body("[[5],[]]"), "input[1]", "empty_array"),
        Arguments.of(body("\"\""), "input", "invalid_value"),
        Arguments.of(body("[\"a\",\"\"]"), "input[1]", "invalid_value"),
        Arguments.of(body("3"), "input", "invalid_type"),
        Arguments.of(body("[true]"), "input[0]", "invalid_type"),
        Arguments.of(body("[5,-1]"), "input[1]", "invalid_value"),
        Arguments.of(body("[[5],[5,99999]]"), "input[1][1]", "invalid_value"),
        Arguments.of(body(many), "input", "array_above_max_length"),
        Arguments.of(body(tooLong), "input", "context_length_exceeded"),
        Arguments.of(body("[[5]," + tooLong + "]"), "input[1]", "context_length_exceeded"),
        Arguments.of(
            body("\"a\"", "\"encoding_format\":\"hex\""), "encoding_format", "invalid_value"),
        Arguments.of(
            body("\"a\"", "\"dimensions\":100000"), "dimensions", "integer_above_max_value"),
        Arguments.of(body("\"a\"", "\"dimensions\":0"), "dimensions", "integer_below_min_value"),
        Arguments.of(body("\"a\"", "\"user\":3"), "user", "invalid_type"),
        Arguments.of(body("\"a\"", "\"foo\":1"), "foo", "unknown_parameter"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefused(String body, String param, String code) throws Exception {
    HttpResponse<String> answer = server.post(PATH, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    JsonObject error =
        JsonObject.of(Json.parse(answer.body(), "answer"), "answer", "")
            .object("error")
            .orElseThrow();
    assertThat(error.text("type")).contains("invalid_request_error");
    assertThat(error.text("param")).as(answer.body()).contains(param);
    assertThat(error.text("code")).as(answer.body()).contains(code);
  }

  @Test
  void whoLeavesStopsTheModel() throws Exception {
    String input = Collections.nCopies(400, "5").toString();
    byte[] body = body(Collections.nCopies(100, input).toString()).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(PATH, server.port(), body.length);
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      while (server.metric("tokapu_answers_running") == 0) {
        Thread.sleep(2);
      }
    }
    while (server.log.stream().noneMatch(entry -> entry.status() == 499)) {
      Thread.sleep(2);
    }
    assertThat(server.json(PATH, body("[5]")).objects("data")).hasSize(1);
  }
}
