package org.tokapu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokapu.server.TestServer.chat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.tokapu.server.http.RequestLog;

/// How connections end, seen from raw sockets.
class ConnectionsTests {
  private static Socket connect(TestServer server) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static byte[] post(String body, String headers) {
    return ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s")
        .formatted(headers, body.length(), body)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Waits until nothing runs; the time-out of the test is the only clock.
  private static void untilIdle(TestServer server) throws Exception {
    while (server.metric("tokapu_answers_running") > 0
        || server.metric("tokapu_answers_waiting") > 0) {
      Thread.sleep(20);
    }
  }

  private static void untilRunning(TestServer server) throws Exception {
    while (server.metric("tokapu_answers_running") == 0) {
      Thread.sleep(5);
    }
  }

  @Test
  void connectionCloseCloses() throws Exception {
    try (TestServer server = TestServer.start();
        Socket socket = connect(server)) {
      socket.getOutputStream().write(post(chat("\"max_tokens\":2"), "Connection: close\r\n"));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200").contains("chat.completion");
    }
  }

  @Test
  void clientsThatHangUpWithinARequestAreNoErrorOfTheServer() throws Exception {
    List<LogRecord> warnings = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            warnings.add(entry);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("io.helidon");
    logger.addHandler(handler);
    try (TestServer server = TestServer.start()) {
      byte[] whole = post(chat(), "");
      for (int length : new int[] {10, 60, whole.length - 5}) {
        try (Socket socket = connect(server)) {
          socket.getOutputStream().write(Arrays.copyOf(whole, length));
        }
      }
      // The client that asks has a connection of its own.
      while (server.metric("tokapu_http_connections") > 1
          || server.log.stream().noneMatch(entry -> entry.path().equals("/v1/chat/completions"))) {
        Thread.sleep(20);
      }
      assertThat(server.log)
          .filteredOn(entry -> entry.path().equals("/v1/chat/completions"))
          .extracting(RequestLog.Entry::status)
          .containsExactly(499);
      assertThat(warnings).extracting(LogRecord::getThrown).isEmpty();
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    try (TestServer server = TestServer.start();
        Socket socket = connect(server)) {
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(post(chat("\"max_tokens\":2"), ""));
        readOne(socket.getInputStream());
      }
    }
  }

  private static void readOne(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    assertThat(head.toString()).startsWith("HTTP/1.1 200");
    String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
    assertThat(in.readNBytes(Integer.parseInt(length))).isNotEmpty();
  }

  @Test
  void whoLeavesStopsTheModel() throws Exception {
    try (TestServer server = TestServer.start(ServerOptions.defaults(), 1, 8)) {
      for (String stream : new String[] {"\"stream\":false", "\"stream\":true"}) {
        // 100 answers at one place: without cancelling they would hold it for very long.
        String body = chat("\"ignore_eos\":true", "\"n\":100", stream);
        try (Socket socket = connect(server)) {
          socket.getOutputStream().write(post(body, ""));
          untilRunning(server);
        }
        untilIdle(server);
      }
      // An answer ends before its line is written.
      while (server.log.stream().filter(e -> e.method().equals("POST")).count() < 2) {
        Thread.sleep(5);
      }
      assertThat(server.log.stream().filter(e -> e.status() == 499)).hasSize(2);
    }
  }

  @Test
  void whoReadsNothingIsCutOff() throws Exception {
    ServerOptions options =
        ServerOptions.defaults().withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(500));
    try (TestServer server = TestServer.start(options, 1, 8);
        Socket socket = connect(server)) {
      String body =
          chat(
              "\"ignore_eos\":true",
              "\"n\":128",
              "\"stream\":true",
              "\"logprobs\":true",
              "\"top_logprobs\":20");
      socket.getOutputStream().write(post(body, ""));
      untilRunning(server);
      untilIdle(server);
      assertThat(server.log.stream().anyMatch(e -> e.status() == 499)).isTrue();
    }
  }

  @Test
  void whoSendsTooSlowlyIsCutOff() throws Exception {
    ServerOptions options =
        ServerOptions.defaults().withTimeouts(Duration.ofMillis(500), Duration.ofSeconds(5));
    try (TestServer server = TestServer.start(options, 1, 8)) {
      for (String part :
          new String[] {
            "POST /v1/ch",
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{"
          }) {
        try (Socket socket = connect(server)) {
          socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
          assertThat(ended(socket.getInputStream())).isTrue();
        }
      }
      // Not taken for a fault of ours.
      assertThat(server.log.stream().map(e -> e.status())).doesNotContain(500);
    }
  }

  private static boolean ended(InputStream in) {
    try {
      in.readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void aFullQueueRefusesAtOnce() throws Exception {
    try (TestServer server = TestServer.start(ServerOptions.defaults(), 1, 4);
        Socket socket = connect(server)) {
      socket.getOutputStream().write(post(chat("\"ignore_eos\":true", "\"n\":100"), ""));
      untilRunning(server);
      var refused = server.post("/v1/chat/completions", chat());
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).contains("1");
    }
  }

  @Test
  void stoppingLetsAnswersFinish() throws Exception {
    TestServer server = TestServer.start(ServerOptions.defaults(), 1, 8);
    try (Socket socket = connect(server)) {
      socket.getOutputStream().write(post(chat("\"max_tokens\":200", "\"ignore_eos\":true"), ""));
      untilRunning(server);
      Thread stop = Thread.ofVirtual().start(server::close);
      readOne(socket.getInputStream());
      stop.join();
    } finally {
      server.close();
    }
  }

  @Test
  void rubbishIsAnsweredInTheSameShape() throws Exception {
    try (TestServer server = TestServer.start();
        Socket socket = connect(server)) {
      socket.getOutputStream().write("NONSENSE\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400");
      assertThat(answer).contains("\"error\"");
    }
  }
}
