package org.tokapu.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.ModelOptions;
import org.tokapu.server.api.ServedModel;
import org.tokapu.server.api.ServedModels;
import org.tokapu.server.http.RequestLog;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.TestData;
import org.tokapu.text.chat.ChatTemplates;

/// A real server with a small model: stories260K where the reference set is, else a golden one that
/// speaks the golden tokenizer's language.
final class TestServer implements AutoCloseable {
  /// The model's name.
  static final String MODEL = "tiny";

  private static final long VOCABULARY = 600;

  private final Server server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// What was logged.
  final List<RequestLog.Entry> log = new CopyOnWriteArrayList<>();

  private TestServer(ServerOptions options, Path model, int parallel, int queue) {
    LanguageModel open =
        LanguageModel.open(model, ModelOptions.defaults().withSequences(parallel).withThreads(1));
    ServedModel served =
        new ServedModel(
            MODEL,
            Instant.ofEpochSecond(1_700_000_000),
            open,
            ChatTemplates.plain(),
            Map.of(),
            parallel,
            queue);
    server =
        Server.start(
            options.withAddress("127.0.0.1", 0), new ServedModels(List.of(served)), log::add);
  }

  static TestServer start(ServerOptions options, int parallel, int queue) throws IOException {
    return new TestServer(options, model(), parallel, queue);
  }

  static TestServer start() throws IOException {
    return start(ServerOptions.defaults(), 2, 64);
  }

  private static Path model() throws IOException {
    Optional<Path> stories = TestData.find("models/stories260K/stories260K-F32.gguf");
    return stories.isPresent() ? stories.get() : golden();
  }

  /// Writes the golden model with the vocabulary of the golden tokenizer and a longer context.
  static Path golden() throws IOException {
    JsonObject golden = TestData.json("golden/llama-mha.json");
    Map<String, Object> changed = new LinkedHashMap<>(golden.map());
    Map<String, Object> config = new LinkedHashMap<>(golden.object("config").orElseThrow().map());
    Object old = config.put("vocab_size", VOCABULARY);
    config.put("max_position_embeddings", 512L);
    changed.put("config", config);
    List<Object> tensors = new ArrayList<>();
    for (JsonObject tensor : golden.objects("tensors")) {
      Map<String, Object> copy = new LinkedHashMap<>(tensor.map());
      List<Object> shape = new ArrayList<>();
      tensor.list("shape").forEach(n -> shape.add(n.equals(old) ? VOCABULARY : n));
      copy.put("shape", shape);
      tensors.add(copy);
    }
    changed.put("tensors", tensors);
    Path folder = Files.createTempDirectory("tokapu-server");
    GoldenFolder.write(JsonObject.of(changed, "golden", ""), folder);
    Files.write(folder.resolve("tokenizer.model"), TestData.resource("golden/tokenizer.model"));
    return folder;
  }

  int port() {
    return server.port();
  }

  String url() {
    return server.url();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path));
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  /// Returns the body of a successful answer.
  JsonObject json(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer = post(path, body);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return JsonObject.of(Json.parse(answer.body(), path), path, "");
  }

  /// Returns the chunks of a streamed answer, `[DONE]` left out.
  List<JsonObject> chunks(String path, String body) throws IOException, InterruptedException {
    List<JsonObject> out = new ArrayList<>();
    String text = post(path, body).body();
    if (!text.endsWith("data: [DONE]\n\n")) {
      throw new AssertionError("no [DONE] at the end of: " + text);
    }
    for (String event : text.split("\n\n")) {
      if (event.startsWith("data: {")) {
        out.add(JsonObject.of(Json.parse(event.substring(6), "chunk"), "chunk", ""));
      }
    }
    return out;
  }

  /// Returns the value of a metric without labels.
  double metric(String name) throws IOException, InterruptedException {
    for (String line : get("/metrics").body().split("\n")) {
      if (line.startsWith(name + " ")) {
        return Double.parseDouble(line.substring(name.length() + 1));
      }
    }
    throw new AssertionError("no metric " + name);
  }

  /// A chat request with more fields: `"n": 2`.
  static String chat(String... more) {
    return body("\"messages\":[{\"role\":\"user\",\"content\":\"Once upon a time\"}]", more);
  }

  /// A completion request with more fields.
  static String completion(String... more) {
    return body("\"prompt\":\"Once upon a time\"", more);
  }

  private static String body(String first, String... more) {
    StringBuilder out = new StringBuilder("{\"model\":\"" + MODEL + "\"," + first);
    for (String field : more) {
      out.append(',').append(field);
    }
    return out.append('}').toString();
  }

  @Override
  public void close() {
    server.close();
  }
}
