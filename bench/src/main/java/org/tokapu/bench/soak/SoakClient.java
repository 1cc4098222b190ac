package org.tokapu.bench.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/// One of many clients: does something at random, again and again. Belongs to one thread.
final class SoakClient {
  private static final String CHAT = "/v1/chat/completions";

  /// More than any small model's context holds.
  private static final String LONG = "word ".repeat(20_000);

  /// More than the server reads.
  private static final String OVERSIZED = "x".repeat(17 << 20);

  /// How long a reader that is slow sleeps at each chunk.
  private static final int SLOW_MILLIS = 40;

  private final HttpClient http;
  private final URI server;
  private final String model;
  private final Tally tally;
  private final Random random;

  /// @param model the name of the model
  /// @param seed of what it does; times of the server decide the rest
  SoakClient(HttpClient http, URI server, String model, Tally tally, long seed) {
    this.http = http;
    this.server = server;
    this.model = model;
    this.tally = tally;
    random = new Random(seed);
  }

  /// Does one thing.
  void act() throws InterruptedException {
    int dice = random.nextInt(100);
    try {
      if (dice < 45) {
        stream(Integer.MAX_VALUE, 0);
      } else if (dice < 65) {
        stream(1 + random.nextInt(20), 0);
      } else if (dice < 72) {
        stream(20 + random.nextInt(40), SLOW_MILLIS);
      } else if (dice < 82) {
        whole();
      } else if (dice < 95) {
        refused();
      } else {
        halfARequest();
      }
    } catch (IOException | RuntimeException e) {
      tally.problem("connection: " + e);
    }
  }

  /// Reads a streamed answer, or leaves after some chunks.
  private void stream(int chunks, int sleep) throws IOException, InterruptedException {
    String body = chat("\"stream\":true,\"max_tokens\":" + (1 + random.nextInt(120)));
    HttpResponse<InputStream> answer = http.send(post(CHAT, body), BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      if (answer.statusCode() != 200) {
        unwell(answer.statusCode(), lines.readLine(), answer.headers().map().toString());
        return;
      }
      long last = 0;
      int seen = 0;
      String end = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("data: ")) {
          continue;
        }
        end = line;
        long now = System.nanoTime();
        if (seen > 1 && sleep == 0) {
          tally.gap(now - last);
        }
        last = now;
        if (++seen >= chunks) {
          tally.count(sleep > 0 ? "left slowly" : "left");
          return;
        }
        if (sleep > 0) {
          Thread.sleep(sleep);
        }
      }
      if (end.equals("data: [DONE]")) {
        tally.count("streamed");
      } else {
        tally.problem("a stream ends with: " + end);
      }
    }
  }

  private void whole() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(CHAT, chat("\"n\":2,\"max_tokens\":" + (1 + random.nextInt(60))));
    if (answer.statusCode() == 200) {
      tally.count("whole");
    } else {
      unwell(answer.statusCode(), answer.body(), answer.headers().map().toString());
    }
  }

  /// What a server may do instead of answering: say that it is busy, and when to come again.
  private void unwell(int status, String body, String headers) {
    if (status == 503 && headers.toLowerCase(Locale.ROOT).contains("retry-after")) {
      tally.count("busy");
    } else {
      tally.problem(status + " " + body);
    }
  }

  private void refused() throws IOException, InterruptedException {
    switch (random.nextInt(6)) {
      case 0 -> expect(400, chat("\"temperature\":3"));
      case 1 -> expect(400, chat("\"no_such_field\":1"));
      case 2 -> expect(400, chat("\"stop\":[").substring(0, 40));
      case 3 -> expect(404, chat("").replace(model, "another"));
      case 4 -> expect(400, chat("").replace("Tell", LONG));
      default -> expect(413, OVERSIZED);
    }
  }

  private void expect(int status, String body) throws IOException, InterruptedException {
    try {
      HttpResponse<String> answer = send(CHAT, body);
      if (answer.statusCode() == status) {
        tally.count("refused " + status);
      } else {
        tally.problem("%d instead of %d: %s".formatted(answer.statusCode(), status, answer.body()));
      }
    } catch (IOException e) {
      // The server may close the connection while a body that is too long is still being sent.
      if (status != 413) {
        throw e;
      }
      tally.count("refused 413");
    }
  }

  /// Sends the beginning of a request and goes away.
  private void halfARequest() throws IOException, InterruptedException {
    String whole =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"model\""
            .formatted(CHAT);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(bytes, 0, 1 + random.nextInt(bytes.length));
      socket.getOutputStream().flush();
      Thread.sleep(random.nextInt(50));
    }
    tally.count("half a request");
  }

  private String chat(String fields) {
    String question = "Tell me story number " + random.nextInt(40);
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(model, question, fields.isEmpty() ? "" : "," + fields);
  }

  private HttpResponse<String> send(String path, String body)
      throws IOException, InterruptedException {
    return http.send(post(path, body), BodyHandlers.ofString());
  }

  private HttpRequest post(String path, String body) {
    return HttpRequest.newBuilder(server.resolve(path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }
}
