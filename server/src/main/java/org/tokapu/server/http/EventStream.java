package org.tokapu.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.tokapu.base.json.Json;

/// Server-sent events, as OpenAI streams answers: a JSON object an event, `[DONE]` at the end.
///
/// Every event is written at once. One thread.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the format</a>
public final class EventStream implements AutoCloseable {
  private final Connection connection;
  private final OutputStream out;

  EventStream(Connection connection, OutputStream out) {
    this.connection = connection;
    this.out = out;
  }

  /// Sends an object.
  ///
  /// @throws ClientGoneException if nobody reads it, or reads too slowly
  public void data(Object json) {
    write("data: " + Json.write(json) + "\n\n");
  }

  /// Sends an object under a name, as later APIs than chat completions do.
  ///
  /// @throws ClientGoneException if nobody reads it, or reads too slowly
  public void event(String name, Object json) {
    write("event: " + name + "\ndata: " + Json.write(json) + "\n\n");
  }

  /// Sends a comment, which clients skip: it shows that the connection lives.
  ///
  /// @throws ClientGoneException if nobody reads it, or reads too slowly
  public void comment(String text) {
    write(": " + text + "\n\n");
  }

  /// Sends that this was all.
  ///
  /// @throws ClientGoneException if nobody reads it, or reads too slowly
  public void done() {
    write("data: [DONE]\n\n");
  }

  /// Sends what went wrong after the answer had begun.
  ///
  /// @throws ClientGoneException if nobody reads it, or reads too slowly
  public void error(ApiError error) {
    data(error.toJson());
  }

  private void write(String text) {
    writing(() -> {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    });
  }

  /// Ends the body of the answer.
  @Override
  public void close() {
    writing(out::close);
  }

  /// Something that writes to the client.
  interface Writing {
    void run() throws IOException;
  }

  private void writing(Writing action) {
    writing(connection, action);
  }

  /// Runs something that writes, under the limit of time for readers.
  static void writing(Connection connection, Writing action) {
    connection.enter(Connection.Phase.WRITING);
    try {
      action.run();
    } catch (IOException e) {
      throw new ClientGoneException(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      if (connection.gone(e)) {
        throw new ClientGoneException(String.valueOf(e.getMessage()));
      }
      throw e;
    } finally {
      connection.enter(Connection.Phase.WORKING);
    }
  }
}
