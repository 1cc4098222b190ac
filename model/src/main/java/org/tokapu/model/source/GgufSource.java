package org.tokapu.model.source;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.Architecture;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.arch.Architectures;
import org.tokapu.model.file.GgufFile;
import org.tokapu.model.file.GgufTensor;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.Weight;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.Tokenizers;

/// A model in a GGUF file.
///
/// What GGUF has no key for travels in [#CONFIG], Hugging Face's config.json as one line of JSON:
/// GGUF's own keys win, and what they do not say is taken from there.
public final class GgufSource implements ModelSource {
  /// The metadata key that carries the config.json of a converted model.
  public static final String CONFIG = "tokapu.config";

  private final GgufFile file;
  private final Arena arena = Arena.ofShared();
  private final ModelParts parts;
  private final Once<Tokenizer> tokenizer = new Once<>(this::readTokenizer);

  private GgufSource(Path path, GgufFile file) {
    this.file = file;
    String name = file.fields().text("general.architecture").orElse("");
    Architecture architecture =
        Architectures.byName(name)
            .orElseThrow(() ->
                new ModelFormatException(
                    path.toString(),
                    "general.architecture",
                    "is \"%s\"; supported are %s".formatted(name, Architectures.names())));
    Set<String> names = new LinkedHashSet<>();
    file.tensors().forEach(t -> names.add(t.name()));
    parts =
        new ModelParts(
            path,
            "GGUF v" + file.version(),
            architecture,
            hyperparameters(path, file, architecture),
            new MappedWeights(
                path.toString(), architecture.ggufRopeLayout(), names, this::lookup, arena));
  }

  /// Opens a file; its parts too, if it is split.
  public static GgufSource open(Path path) {
    GgufFile file = GgufFile.open(path);
    try {
      return new GgufSource(path, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Hyperparameters hyperparameters(
      Path path, GgufFile file, Architecture architecture) {
    Map<String, Object> values = new HashMap<>();
    config(file)
        .ifPresent(c -> values.putAll(HfConfig.parse(c, architecture, path.toString()).values()));
    String prefix = architecture.name() + ".";
    file.metadata()
        .forEach((key, value) -> {
          if (key.startsWith(prefix)) {
            values.put(key.substring(prefix.length()), value);
          }
        });
    return new Hyperparameters(path.toString(), architecture.name(), values);
  }

  /// Returns the config.json that the file carries, or nothing.
  public static Optional<JsonObject> config(GgufFile file) {
    return file.fields()
        .text(CONFIG)
        .map(text -> JsonObject.of(Json.parse(text, file.file()), file.file(), CONFIG));
  }

  private Weight.@Nullable Stored lookup(String name) {
    GgufTensor tensor = file.find(name).orElse(null);
    if (tensor == null) {
      return null;
    }
    QuantFormat format =
        tensor
            .format()
            .orElseThrow(() ->
                new ModelFormatException(
                    path().toString(),
                    name,
                    "has ggml type %d, which no weight may have".formatted(tensor.typeId())));
    long[] dims = tensor.dims();
    long cols = dims.length == 0 ? 1 : dims[0];
    long rows = tensor.elements() / Math.max(1, cols);
    MappedWeights.checkShape(path(), name, rows, cols);
    return new Weight.Stored(file.data(tensor), format, (int) rows, (int) cols);
  }

  /// Returns the file itself.
  public GgufFile file() {
    return file;
  }

  @Override
  public ModelParts parts() {
    return parts;
  }

  @Override
  public Optional<Tokenizer> tokenizer() {
    return tokenizer.value();
  }

  private Optional<Tokenizer> readTokenizer() {
    return Tokenizers.fromGguf(file.metadata(), path().toString());
  }

  @Override
  public Optional<String> chatTemplate() {
    return file.fields().text("tokenizer.chat_template");
  }

  @Override
  public Optional<String> licence() {
    return file.fields().text("general.license");
  }

  @Override
  public void close() {
    arena.close();
    file.close();
  }
}
