package org.tokapu.server.api;

import java.util.List;
import org.tokapu.server.http.Endpoint;

/// The list of all endpoints: a new one is a file and a line here.
public final class Routes {
  private Routes() {}

  /// Returns all endpoints.
  public static List<Endpoint> all(Service service) {
    return List.of(
        new ListModels(service),
        new GetModel(service),
        new ChatCompletions(service),
        new Completions(service),
        new Embeddings(service),
        new CountChatTokens(service),
        new Tokenize(service),
        new Detokenize(service),
        new Health(service),
        new Ready(service),
        new GetMetrics(service),
        new Page("/"),
        new Page("/assets/{file}"),
        new Page("/licenses.txt"));
  }
}
