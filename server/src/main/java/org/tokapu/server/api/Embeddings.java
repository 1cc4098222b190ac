package org.tokapu.server.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.Timings;
import org.tokapu.engine.Usage;
import org.tokapu.server.http.ClientGoneException;
import org.tokapu.server.http.Endpoint;
import org.tokapu.server.http.Exchange;

/// `POST /v1/embeddings`: vectors of length 1, also when `dimensions` asks for their first numbers
/// only. An input gives the same bits alone and among others. In base64 they are little-endian
/// float32.
final class Embeddings implements Endpoint {
  private final Service service;

  Embeddings(Service service) {
    this.service = service;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/embeddings";
  }

  @Override
  public void handle(Exchange exchange) {
    EmbeddingCall call = EmbeddingCall.read(exchange.body(), service.models());
    service.meter().admit(exchange, call.model().id());
    long start = System.nanoTime();
    List<float[]> vectors = vectors(exchange, call);
    int tokens = call.inputs().stream().mapToInt(input -> input.length).sum();
    Timings timings = new Timings(Duration.ofNanos(System.nanoTime() - start), Duration.ZERO);
    service.charge(exchange, call.model(), new Usage(tokens, 0, 0), timings);
    service.note(exchange, new Usage(tokens, 0, 0));
    List<Object> data = new ArrayList<>();
    for (float[] vector : vectors) {
      float[] wanted = shortened(vector, call.dimensions());
      Object written = call.base64() ? base64(wanted) : numbers(wanted);
      data.add(Parts.of("object", "embedding", "index", data.size(), "embedding", written));
    }
    exchange.json(
        200,
        Parts.of(
            "object",
            "list",
            "data",
            data,
            "model",
            call.model().id(),
            "usage",
            Parts.of("prompt_tokens", tokens, "total_tokens", tokens)));
  }

  private static List<float[]> vectors(Exchange exchange, EmbeddingCall call) {
    String scope = exchange.caller().owner().id();
    LanguageModel model = call.model().model();
    try {
      return call.model()
          .inTurn(
              exchange::clientGone, () -> model.embed(call.inputs(), scope, exchange::clientGone));
    } catch (CancellationException e) {
      throw new ClientGoneException("while vectors were computed");
    }
  }

  /// Returns the first numbers of a vector, brought to length 1 again.
  private static float[] shortened(float[] vector, int dimensions) {
    if (dimensions == vector.length) {
      return vector;
    }
    float[] out = Arrays.copyOf(vector, dimensions);
    double squares = 0;
    for (float x : out) {
      squares += (double) x * x;
    }
    double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (out[i] * scale);
    }
    return out;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static List<Float> numbers(float[] vector) {
    List<Float> out = new ArrayList<>(vector.length);
    for (float x : vector) {
      out.add(x);
    }
    return out;
  }
}
