package org.tokapu.model.source;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.Architecture;
import org.tokapu.model.arch.Architectures;
import org.tokapu.model.file.HfFolder;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.model.file.SafetensorsTensor;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.QuantFormats;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.Tokenizers;

/// A model in a Hugging Face folder: safetensors, config.json, tokenizer files.
public final class HfSource implements ModelSource {
  private final HfFolder folder;
  private final SafetensorsFile file;
  private final Arena arena = Arena.ofShared();
  private final JsonObject config;
  private final HfNames names;
  private final ModelParts parts;
  private final Once<Tokenizer> tokenizer = new Once<>(this::readTokenizer);

  private HfSource(Path path, SafetensorsFile file) {
    this.file = file;
    Path parent = path.toAbsolutePath().getParent();
    folder = HfFolder.open(Files.isDirectory(path) || parent == null ? path : parent);
    config =
        folder
            .config()
            .orElseThrow(() ->
                new ModelFormatException(
                    path.toString(),
                    "config.json",
                    "is missing; the weights alone do not say what model they are"));
    String type = config.text("model_type").orElse("");
    Architecture architecture =
        Architectures.byModelType(type)
            .orElseThrow(() ->
                config.wrong(
                    "model_type", "is \"%s\"; supported are %s".formatted(type, supported())));
    names =
        new HfNames(
            architecture,
            file.tensors().stream().map(SafetensorsTensor::name).toList(),
            config.flag("tie_word_embeddings").orElse(architecture.tiedByDefault()),
            this::tensor,
            arena);
    parts =
        new ModelParts(
            path,
            "safetensors",
            architecture,
            HfConfig.parse(config, architecture, path.toString()),
            new MappedWeights(
                path.toString(), RopeTable.Layout.HALVES, names.names(), names::find, arena));
  }

  private static List<String> supported() {
    return Architectures.ALL.stream().flatMap(a -> a.modelTypes().stream()).sorted().toList();
  }

  /// Opens a folder, or one safetensors file with config.json beside it.
  public static HfSource open(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    try {
      return new HfSource(path, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private Weight.@Nullable Stored tensor(String name) {
    SafetensorsTensor tensor = file.find(name).orElse(null);
    if (tensor == null) {
      return null;
    }
    QuantFormat format =
        QuantFormats.byName(tensor.dtype())
            .filter(f -> f.blockSize() == 1)
            .orElseThrow(() ->
                new ModelFormatException(
                    path().toString(),
                    name,
                    "has the type %s; weights must be F32, F16 or BF16".formatted(tensor.dtype())));
    long[] shape = tensor.shape();
    long cols = shape.length == 0 ? 1 : shape[shape.length - 1];
    long rows = cols == 0 ? 0 : tensor.elements() / cols;
    MappedWeights.checkShape(path(), name, rows, cols);
    return new Weight.Stored(file.data(tensor), format, (int) rows, (int) cols);
  }

  /// Returns the side files.
  public HfFolder folder() {
    return folder;
  }

  /// Returns the weights' file.
  public SafetensorsFile file() {
    return file;
  }

  /// Returns the name in this checkpoint of the parameter that GGUF calls `name`.
  ///
  /// @throws ModelFormatException if there is none
  public String tensorOf(String name) {
    String tensor = names.tensorOf(name);
    if (tensor == null) {
      throw new ModelFormatException(path().toString(), name, "is not in the checkpoint");
    }
    return tensor;
  }

  /// Returns config.json.
  public JsonObject config() {
    return config;
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
    return Tokenizers.in(folder.path())
        .or(() -> Llama2cVocabularies.in(folder.path(), weights().rows("token_embd.weight")));
  }

  @Override
  public Optional<String> chatTemplate() {
    return folder.chatTemplate();
  }

  @Override
  public Optional<String> licence() {
    return ModelCard.licence(folder);
  }

  @Override
  public void close() {
    arena.close();
    file.close();
  }
}
