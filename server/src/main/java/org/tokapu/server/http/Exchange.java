package org.tokapu.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.Json;

/// A request and its answer. Confined to the thread that answers it.
public final class Exchange {
  private static final int NOT_SENT = 0;

  /// What is read of a body that nobody wants, so that the client gets to read the answer.
  private static final long DRAIN_BYTES = 64L << 20;

  private final ServerRequest request;
  private final ServerResponse response;
  private final Connection connection;
  private final long bodyLimit;
  private final String id = "req_" + UUID.randomUUID().toString().replace("-", "");
  private final Map<String, Object> notes = new LinkedHashMap<>();
  private Map<String, String> parameters = Map.of();
  private String route = "";
  private Caller caller = Caller.LOCAL;
  private int status = NOT_SENT;
  private boolean bodyRead;
  private @Nullable EventStream events;

  Exchange(ServerRequest request, ServerResponse response, Connection connection, long bodyLimit) {
    this.request = request;
    this.response = response;
    this.connection = connection;
    this.bodyLimit = bodyLimit;
    response.header("x-request-id", id);
  }

  void bind(Router.Match match) {
    parameters = match.parameters();
    route = match.endpoint().path();
  }

  void caller(Caller value) {
    caller = value;
  }

  /// Returns the name of this request, which the answer's header `x-request-id` carries too.
  public String id() {
    return id;
  }

  /// Returns the method.
  public String method() {
    return request.prologue().method().text();
  }

  /// Returns the path as it came.
  public String path() {
    return request.prologue().uriPath().rawPath();
  }

  /// Returns the value of a segment in braces.
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the path has no {" + name + "}");
    }
    return value;
  }

  /// Returns the first value of a query parameter.
  public Optional<String> query(String name) {
    return request.query().contains(name)
        ? Optional.of(request.query().get(name))
        : Optional.empty();
  }

  /// Returns the first value of a header.
  public Optional<String> header(String name) {
    return request.headers().first(HeaderNames.create(name));
  }

  /// Returns who asks.
  public Caller caller() {
    return caller;
  }

  /// Reads the body as a JSON object.
  ///
  /// @throws ApiError 413, 415, or 400 if it is none
  public RequestBody body() {
    String type = header("content-type").orElse("application/json").toLowerCase(Locale.ROOT);
    if (!type.matches("application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*)?")) {
      throw ApiError.of(
          415,
          "The body must be JSON: send the header \"Content-Type: application/json\", not \"%s\"."
              .formatted(type),
          "unsupported_media_type");
    }
    return RequestBody.parse(bytes());
  }

  /// Reads the body.
  ///
  /// @throws ApiError 413 if it is larger than the server allows
  public byte[] bytes() {
    if (request.headers().contentLength().orElse(0) > bodyLimit) {
      throw tooLarge();
    }
    if (!request.content().hasEntity()) {
      bodyRead = true;
      working();
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      byte[] out = in.readNBytes((int) Math.min(bodyLimit + 1, Integer.MAX_VALUE - 8));
      if (out.length > bodyLimit) {
        throw tooLarge();
      }
      bodyRead = true;
      working();
      return out;
    } catch (IOException e) {
      throw new ClientGoneException(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      if (connection.gone(e)) {
        throw new ClientGoneException(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private ApiError tooLarge() {
    return ApiError.of(
        413,
        "The body is larger than %d bytes, the limit of this server.".formatted(bodyLimit),
        "body_too_large");
  }

  /// From here on the client is to wait, and leaves if it does not.
  private void working() {
    connection.enter(Connection.Phase.WORKING);
    connection.watchClient();
  }

  /// Returns whether the client has gone away, or was cut off. Cheap; call it often.
  public boolean clientGone() {
    return connection.gone();
  }

  /// Sets a header of the answer, which must not have begun.
  public void setHeader(String name, String value) {
    response.header(name, value);
  }

  /// Notes something for the log: numbers of tokens, never texts.
  public void note(String name, Object value) {
    notes.put(name, value);
  }

  /// Answers with JSON.
  public void json(int code, Object value) {
    send(code, "application/json", Json.write(value).getBytes(UTF_8));
  }

  /// Answers with text of a kind.
  public void text(int code, String type, String text) {
    send(code, type, text.getBytes(UTF_8));
  }

  /// Answers with bytes of a kind.
  public void send(int code, String type, byte[] body) {
    status = code;
    EventStream.writing(
        connection,
        () -> {
          response.status(code);
          response.header("content-type", type);
          if (method().equals("HEAD")) {
            response.send();
          } else {
            response.send(body);
          }
        });
  }

  /// Answers without a body.
  public void empty(int code) {
    status = code;
    EventStream.writing(
        connection,
        () -> {
          response.status(code);
          response.send();
        });
  }

  /// Begins to answer with events.
  public EventStream events() {
    status = 200;
    response.status(200);
    response.header("content-type", "text/event-stream; charset=utf-8");
    response.header("cache-control", "no-cache");
    response.header("x-accel-buffering", "no");
    EventStream stream = new EventStream(connection, response.outputStream());
    events = stream;
    return stream;
  }

  /// Answers with an error, in the stream if that has begun.
  void fail(ApiError error) {
    EventStream stream = events;
    if (stream != null) {
      stream.error(error);
      stream.close();
    } else if (status == NOT_SENT) {
      if (error.retryAfter() > 0) {
        response.header("retry-after", Integer.toString(error.retryAfter()));
      }
      json(error.status(), error.toJson());
    }
  }

  /// Takes in what is left of the body, so that the client can read the answer.
  ///
  /// @return whether the connection can be used for another request
  boolean finish() {
    boolean keep = !request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    if (bodyRead || !request.content().hasEntity()) {
      return keep;
    }
    if (header("expect").isPresent()) {
      return false; // It has not been told to go on; nothing will come.
    }
    connection.enter(Connection.Phase.READING);
    try (InputStream in = request.content().inputStream()) {
      byte[] buffer = new byte[1 << 14];
      long total = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
        if (total > DRAIN_BYTES) {
          return false;
        }
      }
      return keep;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  String route() {
    return route;
  }

  int status() {
    return status;
  }

  Map<String, Object> notes() {
    return notes;
  }
}
