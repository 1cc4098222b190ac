package org.tokapu.server.api;

import java.util.List;
import java.util.stream.Collectors;
import org.tokapu.base.TokapuException;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.RequestBody;

/// The models of a server, by name. Immutable; owns them.
public final class ServedModels implements AutoCloseable {
  private final List<ServedModel> models;

  /// @throws TokapuException if two have the same name
  public ServedModels(List<ServedModel> models) {
    this.models = List.copyOf(models);
    if (models.stream().map(ServedModel::id).distinct().count() != models.size()) {
      throw new TokapuException(
          "two models have the same name: "
              + models.stream().map(ServedModel::id).collect(Collectors.joining(", ")));
    }
  }

  /// Returns all, in the order of the command line.
  public List<ServedModel> all() {
    return models;
  }

  /// Returns the model that a request names.
  ///
  /// @throws ApiError 400 if it names none, 404 if there is no such model
  ServedModel of(RequestBody body) {
    return find(body.requireText("model"));
  }

  /// Returns the model of this name.
  ///
  /// @throws ApiError 404 if there is none
  ServedModel find(String id) {
    for (ServedModel model : models) {
      if (model.id().equals(id)) {
        return model;
      }
    }
    throw ApiError.notFound(
        "model",
        "model_not_found",
        "The model '%s' does not exist; this server has: %s."
            .formatted(
                id.length() > 100 ? id.substring(0, 100) + "..." : id,
                models.stream().map(ServedModel::id).collect(Collectors.joining(", "))));
  }

  @Override
  public void close() {
    models.forEach(ServedModel::close);
  }
}
