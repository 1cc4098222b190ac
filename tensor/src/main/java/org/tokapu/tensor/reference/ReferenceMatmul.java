package org.tokapu.tensor.reference;

import java.util.Arrays;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;

/// A weight as it is stored, multiplied the plain way.
///
/// A weight row is decoded to float32 and its products with `x` are summed in float64 by ascending
/// column; the sum is rounded once. A low-rank weight adds `scale * b * (a * x)`, also in float64.
record ReferenceMatmul(Weight weight) implements Matmul {
  @Override
  public int rows() {
    return weight.rows();
  }

  @Override
  public int cols() {
    return weight.cols();
  }

  void run(Tensor x, Tensor out, Parallel parallel) {
    float[][] inputs = new float[x.rows()][];
    Arrays.setAll(inputs, x::row);
    double[][] sums = product(weight, inputs, parallel);
    for (int row = 0; row < weight.rows(); row++) {
      for (int t = 0; t < inputs.length; t++) {
        out.set(t, row, (float) sums[row][t]);
      }
    }
  }

  /// Returns `[rows][tokens]`.
  private static double[][] product(Weight weight, float[][] inputs, Parallel parallel) {
    double[][] sums = new double[weight.rows()][inputs.length];
    switch (weight) {
      case Weight.Stored stored ->
          parallel.run(stored.rows(), (row, worker) -> dots(stored, row, inputs, sums[row]));
      case Weight.LowRank low -> {
        double[][] base = product(low.base(), inputs, parallel);
        double[][] inner = product(low.a(), inputs, parallel);
        parallel.run(
            low.rows(),
            (row, worker) -> {
              dotsOfInner(low.b(), row, inner, sums[row]);
              for (int t = 0; t < inputs.length; t++) {
                sums[row][t] = base[row][t] + low.scale() * sums[row][t];
              }
            });
      }
    }
    return sums;
  }

  private static void dots(Weight.Stored w, int row, float[][] inputs, double[] sums) {
    float[] weights = new float[w.cols()];
    w.decodeRow(row, weights, 0);
    for (int t = 0; t < inputs.length; t++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += (double) weights[i] * inputs[t][i];
      }
      sums[t] = sum;
    }
  }

  private static void dotsOfInner(Weight.Stored b, int row, double[][] inner, double[] sums) {
    float[] weights = new float[b.cols()];
    b.decodeRow(row, weights, 0);
    for (int t = 0; t < sums.length; t++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * inner[i][t];
      }
      sums[t] = sum;
    }
  }
}
