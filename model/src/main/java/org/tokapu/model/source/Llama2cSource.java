package org.tokapu.model.source;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.arch.Llama;
import org.tokapu.model.file.Llama2cFile;
import org.tokapu.model.file.Llama2cHeader;
import org.tokapu.model.file.Llama2cTensor;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.quant.F32;
import org.tokapu.text.Tokenizer;

/// A model in a llama2.c file; its vocabulary is a file beside it with as many tokens.
public final class Llama2cSource implements ModelSource {
  private final Llama2cFile file;
  private final Arena arena = Arena.ofShared();
  private final ModelParts parts;
  private final Once<Tokenizer> tokenizer = new Once<>(this::readTokenizer);

  private Llama2cSource(Path path, Llama2cFile file) {
    this.file = file;
    Llama2cHeader h = file.header();
    Hyperparameters hyperparameters =
        new Hyperparameters(
            path.toString(),
            Llama.ARCHITECTURE.name(),
            Map.ofEntries(
                Map.entry("context_length", (long) h.context()),
                Map.entry("embedding_length", (long) h.dim()),
                Map.entry("block_count", (long) h.layers()),
                Map.entry("feed_forward_length", (long) h.hidden()),
                Map.entry("attention.head_count", (long) h.heads()),
                Map.entry("attention.head_count_kv", (long) h.kvHeads()),
                Map.entry("attention.layer_norm_rms_epsilon", 1e-5),
                Map.entry("rope.freq_base", 10000.0),
                Map.entry("vocab_size", (long) h.vocabulary())));
    Set<String> names = new LinkedHashSet<>();
    file.tensors().forEach(t -> names.add(t.name()));
    parts =
        new ModelParts(
            path,
            "llama2.c",
            Llama.ARCHITECTURE,
            hyperparameters,
            new MappedWeights(
                path.toString(), RopeTable.Layout.INTERLEAVED, names, this::lookup, arena));
  }

  /// Opens a file.
  public static Llama2cSource open(Path path) {
    Llama2cFile file = Llama2cFile.open(path);
    try {
      return new Llama2cSource(path, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private Weight.@Nullable Stored lookup(String name) {
    Llama2cTensor t = file.find(name).orElse(null);
    if (t == null) {
      return null;
    }
    long[] shape = t.shape();
    int cols = (int) shape[shape.length - 1];
    return new Weight.Stored(
        file.data(t), F32.FORMAT, shape.length == 1 ? 1 : (int) shape[0], cols);
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
    return Optional.ofNullable(path().toAbsolutePath().getParent())
        .flatMap(folder -> Llama2cVocabularies.in(folder, file.header().vocabulary()));
  }

  @Override
  public Optional<String> chatTemplate() {
    return Optional.empty();
  }

  @Override
  public Optional<String> licence() {
    return Optional.empty();
  }

  @Override
  public void close() {
    arena.close();
    file.close();
  }
}
