package org.tokapu.tensor.reference;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// The definition of every kernel: scalar, in float64 inside, rounded once to float32 per element
/// of the result. Everything else is measured against it.
public final class ReferenceKernels implements Kernels {
  private final Parallel parallel;

  /// Creates them over the threads of `parallel`.
  public ReferenceKernels(Parallel parallel) {
    this.parallel = parallel;
  }

  @Override
  public String name() {
    return ReferenceProvider.NAME;
  }

  @Override
  public Matmul prepare(Weight weight, Arena arena) {
    for (Weight w = weight; w instanceof Weight.LowRank low; w = low.base()) {
      Shapes.lowRank(low);
    }
    return new ReferenceMatmul(weight);
  }

  @Override
  public void matmul(Tensor x, List<Matmul> weights, List<Tensor> out) {
    Shapes.matmul(x, weights, out);
    for (int i = 0; i < weights.size(); i++) {
      if (!(weights.get(i) instanceof ReferenceMatmul m)) {
        throw new IllegalArgumentException("the weight was prepared by another provider");
      }
      m.run(x, out.get(i), parallel);
    }
  }

  @Override
  public void embed(Weight.Stored table, int[] ids, Tensor out) {
    Shapes.embed(table, ids, out);
    float[] row = new float[table.cols()];
    for (int t = 0; t < ids.length; t++) {
      table.decodeRow(ids[t], row, 0);
      for (int i = 0; i < row.length; i++) {
        out.set(t, i, row[i]);
      }
    }
  }

  @Override
  public void rmsNorm(Tensor x, Tensor gain, float eps, Tensor out) {
    Shapes.norm(x, gain, null, out);
    int size = gain.cols();
    for (int t = 0; t < x.rows(); t++) {
      for (int first = 0; first < x.cols(); first += size) {
        double squares = 0;
        for (int i = 0; i < size; i++) {
          double value = x.get(t, first + i);
          squares += value * value;
        }
        double inverse = 1 / Math.sqrt(squares / size + eps);
        for (int i = 0; i < size; i++) {
          out.set(t, first + i, (float) (x.get(t, first + i) * inverse * gain.get(0, i)));
        }
      }
    }
  }

  @Override
  public void layerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, float eps, Tensor out) {
    Shapes.norm(x, gain, bias, out);
    int size = gain.cols();
    for (int t = 0; t < x.rows(); t++) {
      for (int first = 0; first < x.cols(); first += size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
          sum += x.get(t, first + i);
        }
        double mean = sum / size;
        double squares = 0;
        for (int i = 0; i < size; i++) {
          double centred = x.get(t, first + i) - mean;
          squares += centred * centred;
        }
        double inverse = 1 / Math.sqrt(squares / size + eps);
        for (int i = 0; i < size; i++) {
          double value = (x.get(t, first + i) - mean) * inverse * gain.get(0, i);
          out.set(t, first + i, (float) (bias == null ? value : value + bias.get(0, i)));
        }
      }
    }
  }

  @Override
  public void rope(Tensor x, int headDim, RopeTable table, int[] positions) {
    Shapes.rope(x, headDim, table, positions);
    int pairs = table.pairs();
    boolean interleaved = table.layout() == RopeTable.Layout.INTERLEAVED;
    for (int t = 0; t < x.rows(); t++) {
      for (int head = 0; head < x.cols(); head += headDim) {
        for (int i = 0; i < pairs; i++) {
          int first = head + (interleaved ? 2 * i : i);
          int second = head + (interleaved ? 2 * i + 1 : i + pairs);
          double a = x.get(t, first);
          double b = x.get(t, second);
          double cos = table.cos(positions[t], i);
          double sin = table.sin(positions[t], i);
          x.set(t, first, (float) (a * cos - b * sin));
          x.set(t, second, (float) (a * sin + b * cos));
        }
      }
    }
  }

  @Override
  public void add(Tensor a, Tensor b, Tensor out) {
    Shapes.add(a, b, out);
    for (int t = 0; t < a.rows(); t++) {
      for (int i = 0; i < a.cols(); i++) {
        out.set(t, i, a.get(t, i) + b.get(b.rows() == 1 ? 0 : t, i));
      }
    }
  }

  @Override
  public void swiGlu(Tensor gate, Tensor up, Tensor out) {
    Shapes.same(gate, up);
    Shapes.same(gate, out);
    for (int t = 0; t < gate.rows(); t++) {
      for (int i = 0; i < gate.cols(); i++) {
        double g = gate.get(t, i);
        out.set(t, i, (float) (g / (1 + Math.exp(-g)) * up.get(t, i)));
      }
    }
  }

  @Override
  public void gelu(Tensor x, boolean tanhApproximation, Tensor out) {
    Shapes.same(x, out);
    DoubleUnaryOperator gelu = tanhApproximation ? ReferenceKernels::tanhGelu : Erf::gelu;
    for (int t = 0; t < x.rows(); t++) {
      for (int i = 0; i < x.cols(); i++) {
        out.set(t, i, (float) gelu.applyAsDouble(x.get(t, i)));
      }
    }
  }

  private static double tanhGelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  @Override
  public void storeKv(Tensor k, Tensor v, List<AttentionRun> runs, int layer) {
    Shapes.storeKv(k, v, runs, layer);
    runs.forEach(run -> KvElements.storeRun(k, v, run, layer));
  }

  @Override
  public void attend(Tensor q, List<AttentionRun> runs, int layer, AttentionSpec spec, Tensor out) {
    Shapes.attend(q, runs, layer, spec, out);
    for (AttentionRun run : runs) {
      parallel.run(
          run.rows() * spec.heads(),
          (i, worker) ->
              ReferenceAttention.head(
                  q, run, layer, spec, i / spec.heads(), i % spec.heads(), out));
    }
  }
}
