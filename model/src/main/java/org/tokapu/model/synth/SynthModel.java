package org.tokapu.model.synth;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.model.convert.TokenizerFields;
import org.tokapu.model.file.GgufArray;
import org.tokapu.model.file.GgufFile;
import org.tokapu.model.file.GgufValue;
import org.tokapu.model.file.GgufWriter;
import org.tokapu.model.file.ModelFiles;
import org.tokapu.model.file.ModelKind;
import org.tokapu.model.file.TensorSource;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.QuantFormats;

/// Writes a LLaMA of a given shape with random weights as a GGUF file, which other programs load,
/// too.
///
/// All matrices have the chosen format, norms are float32 ones. Weights have the deviation `1 /
/// sqrt(inputs)`, so that activations stay in range. The same arguments give the same bytes.
public final class SynthModel {
  private final SynthShape shape;
  private final QuantFormat format;
  private final long seed;
  private final GgufWriter writer = new GgufWriter();
  private final Map<Integer, RandomBlocks> banks = new HashMap<>();
  private LongConsumer progress = bytes -> {};
  private long written;
  private long total;

  private SynthModel(SynthShape shape, QuantFormat format, long seed) {
    this.shape = shape;
    this.format = format;
    this.seed = seed;
  }

  /// Writes the model to `out`.
  ///
  /// @param format the name of a writable format: `Q4_0`
  /// @param vocabulary a GGUF file, `tokenizer.json` or `tokenizer.model` whose vocabulary is taken
  ///   over; a generated one if absent
  /// @param progress told what share is written, in millionths
  /// @throws TokapuException if the format is unknown or cannot be written
  public static void write(
      SynthShape shape,
      String format,
      long seed,
      Optional<Path> vocabulary,
      Path out,
      LongConsumer progress) {
    new SynthModel(shape, writable(format), seed).write(vocabulary, out, progress);
  }

  private static QuantFormat writable(String name) {
    QuantFormat format =
        QuantFormats.byName(name)
            .filter(QuantFormat::writable)
            .orElseThrow(() ->
                new TokapuException(
                    "cannot write the format '%s'; writable are %s"
                        .formatted(
                            name,
                            QuantFormats.ALL.stream()
                                .filter(QuantFormat::writable)
                                .map(QuantFormat::name)
                                .toList())));
    return format;
  }

  private void write(Optional<Path> vocabulary, Path out, LongConsumer listener) {
    progress = listener;
    int tokens = hyperparameters(vocabulary.map(SynthModel::tokenizerOf));
    matrix("token_embd.weight", tokens, shape.dim());
    int kvDim = shape.kvHeads() * shape.headDim();
    for (int i = 0; i < shape.layers(); i++) {
      String p = "blk." + i + ".";
      norm(p + "attn_norm.weight");
      matrix(p + "attn_q.weight", shape.dim(), shape.dim());
      matrix(p + "attn_k.weight", kvDim, shape.dim());
      matrix(p + "attn_v.weight", kvDim, shape.dim());
      matrix(p + "attn_output.weight", shape.dim(), shape.dim());
      norm(p + "ffn_norm.weight");
      matrix(p + "ffn_gate.weight", shape.hidden(), shape.dim());
      matrix(p + "ffn_up.weight", shape.hidden(), shape.dim());
      matrix(p + "ffn_down.weight", shape.dim(), shape.hidden());
    }
    norm("output_norm.weight");
    matrix("output.weight", tokens, shape.dim());
    writer.write(out);
  }

  /// Puts the metadata and returns the size of the vocabulary.
  private int hyperparameters(Optional<Map<String, GgufValue>> given) {
    Map<String, GgufValue> tokenizer = given.orElseGet(SynthVocabulary::metadata);
    GgufValue pieces = Objects.requireNonNull(tokenizer.get("tokenizer.ggml.tokens"));
    int tokens = ((GgufArray) pieces.value()).size();
    writer
        .put("general.architecture", GgufValue.text("llama"))
        .put("general.name", GgufValue.text("synthetic " + shape.name()))
        .put("general.quantization_version", GgufValue.uint32(2))
        .put("llama.vocab_size", GgufValue.uint32(tokens))
        .put("llama.context_length", GgufValue.uint32(shape.context()))
        .put("llama.embedding_length", GgufValue.uint32(shape.dim()))
        .put("llama.block_count", GgufValue.uint32(shape.layers()))
        .put("llama.feed_forward_length", GgufValue.uint32(shape.hidden()))
        .put("llama.attention.head_count", GgufValue.uint32(shape.heads()))
        .put("llama.attention.head_count_kv", GgufValue.uint32(shape.kvHeads()))
        .put("llama.attention.layer_norm_rms_epsilon", GgufValue.float32(1e-5))
        .put("llama.rope.dimension_count", GgufValue.uint32(shape.headDim()))
        .put("llama.rope.freq_base", GgufValue.float32(shape.ropeBase()))
        .putAll(tokenizer);
    return tokens;
  }

  private static Map<String, GgufValue> tokenizerOf(Path file) {
    return ModelFiles.kind(file) == ModelKind.GGUF ? ofGguf(file) : ofTokenizer(file);
  }

  /// A model for measuring has a chat template, whether its vocabulary brings one or not.
  private static Map<String, GgufValue> ofTokenizer(Path file) {
    Map<String, GgufValue> out = new TreeMap<>(TokenizerFields.ofFile(file));
    out.put("tokenizer.chat_template", GgufValue.text(SynthVocabulary.TEMPLATE));
    return out;
  }

  private static Map<String, GgufValue> ofGguf(Path file) {
    try (GgufFile gguf = GgufFile.open(file)) {
      Map<String, GgufValue> out = new TreeMap<>();
      gguf.fields()
          .values()
          .forEach((key, value) -> {
            if (key.startsWith("tokenizer.")) {
              out.put(key, onHeap(value));
            }
          });
      if (!out.containsKey("tokenizer.ggml.tokens")) {
        throw new ModelFormatException(
            file.toString(), "tokenizer.ggml.tokens", "is missing; name a GGUF file with one");
      }
      return out;
    }
  }

  /// Arrays of an open file go with it: keep a copy.
  private static GgufValue onHeap(GgufValue value) {
    return value.value() instanceof GgufArray array
        ? GgufValue.array(array.elementType(), List.copyOf(array))
        : value;
  }

  private void norm(String name) {
    float[] ones = new float[shape.dim()];
    Arrays.fill(ones, 1);
    writer.tensor(name, new long[] {shape.dim()}, 0, TensorSource.of(ones));
  }

  private void matrix(String name, int rows, int cols) {
    if (cols % format.blockSize() != 0) {
      throw new TokapuException(
          "%s has rows of %d weights, which %s (blocks of %d) cannot store; choose another format"
              .formatted(name, cols, format.name(), format.blockSize()));
    }
    long weights = (long) rows * cols;
    total += weights;
    long tensorSeed = seed * 31 + name.hashCode();
    writer.tensor(
        name,
        new long[] {cols, rows},
        format.ggufId(),
        out -> {
          bank(cols).write(weights, tensorSeed, out);
          written += weights;
          progress.accept(written * 1_000_000 / total);
        });
  }

  private RandomBlocks bank(int cols) {
    return banks.computeIfAbsent(cols, c -> new RandomBlocks(format, 1 / Math.sqrt(c), seed + c));
  }
}
