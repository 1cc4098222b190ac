package org.tokapu.model.convert;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokapu.base.AtomicFile;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.model.ParameterName;
import org.tokapu.model.file.GgufMetadata;
import org.tokapu.model.file.SafetensorsType;
import org.tokapu.model.file.SafetensorsWriter;
import org.tokapu.model.file.TensorSource;
import org.tokapu.model.source.GgufSource;
import org.tokapu.model.source.HfConfig;
import org.tokapu.model.source.HfSource;
import org.tokapu.model.source.ModelSource;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.F16;
import org.tokapu.tensor.quant.F32;
import org.tokapu.tensor.quant.QuantFormats;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.SentencePieceTokenizer;

/// Writes any model as a Hugging Face folder: safetensors, config.json, tokenizer files.
///
/// Dense parameters keep their type, quantized ones are decoded to float16. Vectors, which GGUF
/// keeps in float32, return to the type that config.json names if they fit it exactly.
public final class HfExport {
  /// The largest shard, as the hub has it.
  static final long SHARD_BYTES = 5_000_000_000L;

  private final ModelSource source;
  private final Parallel parallel;
  private final Progress progress;
  private long total;
  private long done;

  /// @param parallel decodes; borrowed
  public HfExport(ModelSource source, Parallel parallel, Progress progress) {
    this.source = source;
    this.parallel = parallel;
    this.progress = progress;
  }

  /// Writes the folder; each file appears whole or not at all.
  public void write(Path folder) {
    if (folder.toAbsolutePath().normalize().equals(source.path().toAbsolutePath().normalize())) {
      throw new TokapuException(folder + " is the model that is being read; name another folder");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new TokapuException(folder + " is a file; name a folder, or a file ending in .gguf");
    }
    try (Arena arena = Arena.ofShared()) {
      List<Parameter> parameters =
          Parameters.of(source, RopeTable.Layout.HALVES).stream()
              .filter(p -> !p.name().equals("rope_freqs.weight")) // follows from config.json
              .toList();
      parameters.forEach(p -> total += (long) p.weight().rows() * p.weight().cols());
      SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
      parameters.forEach(p -> add(writer, p, arena));
      writer.writeFolder(folder, SHARD_BYTES);
    }
    sideFiles(folder);
  }

  private void add(SafetensorsWriter writer, Parameter p, Arena arena) {
    ParameterName name =
        source.architecture().parameterNames().stream()
            .filter(n -> n.huggingFaceOf(p.name()) != null)
            .findFirst()
            .orElseThrow(() ->
                new ModelFormatException(
                    source.path().toString(),
                    p.name(),
                    "has no name in Hugging Face's form of the family %s"
                        .formatted(source.architecture().name())));
    String tensor = java.util.Objects.requireNonNull(name.huggingFaceOf(p.name()));
    QuantFormat format = format(p);
    TensorSource bytes = p.as(format, null, parallel, n -> advance(n, p.name()));
    long[] shape = {p.weight().rows(), p.weight().cols()};
    if (name.form() == ParameterName.Form.TRANSPOSED) {
      bytes = transposed(p, format, arena);
      shape = new long[] {shape[1], shape[0]};
    }
    writer.tensor(
        tensor,
        SafetensorsType.valueOf(format.name()),
        p.vector() ? new long[] {shape[1]} : shape,
        bytes);
  }

  private TensorSource transposed(Parameter p, QuantFormat format, Arena arena) {
    return out -> {
      Weight.Stored m = p.weight();
      float[] values = new float[m.rows() * m.cols()];
      for (int r = 0; r < m.rows(); r++) {
        float[] row = new float[m.cols()];
        m.decodeRow(r, row, 0);
        for (int c = 0; c < m.cols(); c++) {
          values[c * m.rows() + r] = row[c];
        }
      }
      MemorySegment encoded = arena.allocate(format.bytes(values.length), 64);
      format.encode(values, 0, values.length, null, 0, encoded, 0);
      TensorSource.of(encoded).writeTo(out);
      advance(values.length, p.name());
    };
  }

  private void advance(long weights, String name) {
    done += weights;
    progress.at(done, total, name);
  }

  private QuantFormat format(Parameter p) {
    QuantFormat stored = p.weight().format();
    if (stored.blockSize() > 1) {
      return F16.FORMAT;
    }
    if (!p.vector() || !stored.equals(F32.FORMAT)) {
      return stored;
    }
    return wanted().filter(w -> exact(p.weight(), w)).orElse(stored);
  }

  /// The type that config.json names, in its old and its new spelling.
  private Optional<QuantFormat> wanted() {
    Optional<JsonObject> config =
        source instanceof GgufSource gguf ? GgufSource.config(gguf.file()) : Optional.empty();
    return config
        .flatMap(c -> c.text("dtype").or(() -> c.text("torch_dtype")))
        .map(t -> t.replace("bfloat", "BF").replace("float", "F"))
        .flatMap(QuantFormats::byName);
  }

  private static boolean exact(Weight.Stored vector, QuantFormat format) {
    float[] values = new float[vector.cols()];
    vector.decodeRow(0, values, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment encoded = arena.allocate(format.bytes(values.length), 64);
      format.encode(values, 0, values.length, null, 0, encoded, 0);
      float[] back = new float[values.length];
      format.decode(encoded, 0, back, 0, back.length);
      return java.util.Arrays.equals(values, back);
    }
  }

  private void sideFiles(Path folder) {
    switch (source) {
      case HfSource hf -> hf.folder().copyTo(folder);
      case GgufSource gguf -> fromGguf(gguf.file().fields(), folder);
      default -> {}
    }
    if (!Files.exists(folder.resolve("config.json"))) {
      boolean tied = !source.weights().names().contains("output.weight");
      int vocabulary = source.weights().rows("token_embd.weight");
      write(
          folder.resolve("config.json"),
          Json.writePretty(
              HfConfig.write(source.hyperparameters(), source.architecture(), vocabulary, tied)));
    }
    boolean tokenizer =
        Files.exists(folder.resolve("tokenizer.json"))
            || Files.exists(folder.resolve("tokenizer.model"));
    Optional<Tokenizer> own = tokenizer ? Optional.empty() : source.tokenizer();
    if (own.isPresent() && own.get() instanceof SentencePieceTokenizer s) {
      write(folder.resolve("tokenizer.model"), s.model().toBytes());
    }
  }

  private static void fromGguf(GgufMetadata fields, Path folder) {
    for (Map.Entry<String, String> side : GgufFields.SIDE_FILES.entrySet()) {
      fields
          .text(side.getValue())
          .ifPresent(json ->
              write(
                  folder.resolve(side.getKey()),
                  Json.writePretty(Json.parse(json, side.getValue()))));
    }
    fields
        .text("tokenizer.huggingface.json")
        .ifPresent(json -> write(folder.resolve("tokenizer.json"), json));
    if (!Files.exists(folder.resolve("tokenizer_config.json"))) {
      fields
          .text("tokenizer.chat_template")
          .ifPresent(t -> write(folder.resolve("chat_template.jinja"), t));
    }
  }

  private static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path file, byte[] bytes) {
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
        });
  }
}
