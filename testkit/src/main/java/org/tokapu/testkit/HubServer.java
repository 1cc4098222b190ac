package org.tokapu.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A web server that does what it is told, wrong things too: it writes to the bare socket.
public final class HubServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /// A request: the path with its query, the headers by their names in lower case.
  public record Request(String path, Map<String, String> headers) {
    /// Returns from which byte on is asked for.
    public int from() {
      String range = headers.getOrDefault("range", "bytes=0-");
      return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }
  }

  /// Writes an answer, or a part of one; the connection is closed after it.
  @FunctionalInterface
  public interface Answer {
    void write(Request request, OutputStream out) throws IOException;
  }

  /// Starts at a free port of this machine.
  public HubServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Returns where it listens.
  public URI address() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /// Answers requests for `path` one after another; the last answer is repeated.
  public void on(String path, Answer... inOrder) {
    answers.put(path, new ArrayDeque<>(Arrays.asList(inOrder)));
  }

  /// Returns the requests for `path` so far.
  public List<Request> requests(String path) {
    return requests.stream().filter(r -> r.path().equals(path)).toList();
  }

  /// All of `body`, or the part that is asked for.
  public static Answer file(byte[] body) {
    return (request, out) -> {
      int from = request.from();
      if (from >= body.length && from > 0) {
        head(out, 416, "Content-Length: 0");
      } else if (from > 0) {
        String range = "Content-Range: bytes " + from + "-" + (body.length - 1) + "/" + body.length;
        head(out, 206, range, "Content-Length: " + (body.length - from));
        out.write(body, from, body.length - from);
      } else {
        head(out, 200, "Content-Length: " + body.length);
        out.write(body);
      }
    };
  }

  /// As [#file], but the connection breaks after `bytes` of the body.
  public static Answer broken(byte[] body, int bytes) {
    return (request, out) -> {
      int from = request.from();
      String range = "Content-Range: bytes " + from + "-" + (body.length - 1) + "/" + body.length;
      head(out, from > 0 ? 206 : 200, range, "Content-Length: " + (body.length - from));
      out.write(body, from, Math.min(bytes, body.length - from));
    };
  }

  /// All of `body`, whatever is asked for.
  public static Answer whole(byte[] body) {
    return (request, out) -> {
      head(out, 200, "Content-Length: " + body.length);
      out.write(body);
    };
  }

  /// All of `body` without saying how long it is.
  public static Answer endless(byte[] body) {
    return (request, out) -> {
      head(out, 200);
      out.write(body);
    };
  }

  /// An answer without a body.
  public static Answer status(int status, String... headers) {
    return (request, out) -> {
      String[] all = Arrays.copyOf(headers, headers.length + 1);
      all[headers.length] = "Content-Length: 0";
      head(out, status, all);
    };
  }

  /// Breaks the connection without an answer.
  public static Answer silence() {
    return (request, out) -> {};
  }

  private static void head(OutputStream out, int status, String... headers) throws IOException {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " x\r\nConnection: close\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    out.write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException e) {
      // The server was closed.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      String first = in.readLine();
      if (first == null) {
        return;
      }
      Map<String, String> headers = new TreeMap<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request = new Request(first.split(" ")[1], Collections.unmodifiableMap(headers));
      requests.add(request);
      answer(request.path()).write(request, connection.getOutputStream());
    } catch (IOException e) {
      // The client went away.
    }
  }

  private synchronized Answer answer(String path) {
    Deque<Answer> left = answers.get(path);
    if (left == null) {
      return status(404);
    }
    return left.size() > 1 ? left.removeFirst() : left.getFirst();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
