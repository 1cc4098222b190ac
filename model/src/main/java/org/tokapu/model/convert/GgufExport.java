package org.tokapu.model.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.model.Hyperparameters;
import org.tokapu.model.file.GgufWriter;
import org.tokapu.model.file.TensorSource;
import org.tokapu.model.source.ModelSource;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.F32;
import org.tokapu.tensor.quant.mix.ImportanceMatrix;
import org.tokapu.tensor.quant.mix.MixModel;
import org.tokapu.tensor.quant.mix.MixTensor;
import org.tokapu.tensor.quant.mix.QuantMix;

/// Writes any model as GGUF, as it is or quantized.
///
/// Vectors become float32, as llama.cpp wants them; rows of query and key heads take GGUF's order.
/// Parameters are streamed: memory stays small whatever the model.
public final class GgufExport {
  private final ModelSource source;
  private final Parallel parallel;
  private final Progress progress;
  private @Nullable QuantMix mix;
  private @Nullable ImportanceMatrix importance;
  private long total;
  private long done;

  /// @param parallel encodes; borrowed
  public GgufExport(ModelSource source, Parallel parallel, Progress progress) {
    this.source = source;
    this.parallel = parallel;
    this.progress = progress;
  }

  /// Quantizes by a named mixture.
  ///
  /// @param matrix what errors count; null: all the same
  public GgufExport quantize(QuantMix byName, @Nullable ImportanceMatrix matrix) {
    mix = byName;
    importance = matrix;
    return this;
  }

  /// Writes the file; it appears whole or not at all.
  public void write(Path out) {
    if (out.toAbsolutePath().normalize().equals(source.path().toAbsolutePath().normalize())) {
      throw new TokapuException(out + " is the model that is being read; name another file");
    }
    List<Parameter> parameters = Parameters.of(source, source.architecture().ggufRopeLayout());
    boolean tied = parameters.stream().noneMatch(p -> p.name().equals("output.weight"));
    GgufWriter writer = new GgufWriter();
    for (Parameter p : parameters) {
      QuantFormat format = format(p, tied);
      long cols = p.weight().cols();
      long[] dims = p.vector() ? new long[] {cols} : new long[] {cols, p.weight().rows()};
      writer.tensor(
          p.name(),
          dims,
          format.ggufId(),
          p.as(format, importance(p), parallel, n -> advance(n, p.name())));
      total += cols * p.weight().rows();
    }
    GgufFields.of(source, mix, parameters).forEach(writer::put);
    RopeFactors.of(source)
        .ifPresent(f ->
            writer.tensor(
                "rope_freqs.weight",
                new long[] {f.length},
                F32.FORMAT.ggufId(),
                TensorSource.of(f)));
    writer.write(out);
  }

  private void advance(long weights, String name) {
    done += weights;
    progress.at(done, total, name);
  }

  private QuantFormat format(Parameter p, boolean tied) {
    if (p.vector()) {
      return F32.FORMAT;
    }
    QuantMix chosen = mix;
    return chosen == null
        ? p.weight().format()
        : chosen.format(new MixTensor(p.name(), 2, p.weight().cols()), model(tied));
  }

  private MixModel model(boolean tied) {
    Hyperparameters h = source.hyperparameters();
    int heads = h.size("attention.head_count");
    return new MixModel(
        h.size("block_count"),
        heads,
        h.size("attention.head_count_kv", heads),
        0,
        tied,
        importance != null);
  }

  private float @Nullable [] importance(Parameter p) {
    ImportanceMatrix matrix = importance;
    if (matrix == null || p.vector()) {
      return null;
    }
    Optional<float[]> values = matrix.of(p.name(), p.weight().cols(), 0);
    return values.orElse(null);
  }
}
