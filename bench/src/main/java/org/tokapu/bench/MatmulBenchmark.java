package org.tokapu.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.SpinParallel;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.kernels.KernelProviders;
import org.tokapu.tensor.quant.QuantFormats;

/// A matrix of 2048 x 2048 by one row (decoding) and by many (a prompt), as the chosen kernels do
/// it.
///
/// The matrices rotate through more memory than the caches hold, as in a model. The score is in
/// products a second; one product is `2 * 2048 * 2048 * rows` operations.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MatmulBenchmark {
  private static final int DIM = 2048;

  /// Beyond any cache: 256 MiB of float32, less if quantized.
  private static final int MATRICES = 16;

  /// How the weights are stored.
  @Param({"F32", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
  public String format = "F32";

  /// Rows of the activations.
  @Param({"1", "16", "512"})
  public int rows = 1;

  private final Arena arena = Arena.ofShared();
  private final Parallel parallel = SpinParallel.ofCores();
  private final Kernels kernels = KernelProviders.choose(null).create(parallel);
  private final Matmul[] matrices = new Matmul[MATRICES];
  private Tensor x = Tensor.allocate(arena, 1, DIM);
  private Tensor out = Tensor.allocate(arena, 1, DIM);
  private int next;

  /// Makes random weights and activations.
  @Setup
  public void prepare() {
    QuantFormat stored = QuantFormats.byName(format).orElseThrow();
    Random random = new Random(1);
    float[] values = new float[DIM * DIM];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 45;
    }
    MemorySegment data = arena.allocate(stored.bytes(values.length), 64);
    stored.encode(values, 0, values.length, null, 0, data, 0);
    for (int i = 0; i < MATRICES; i++) {
      MemorySegment copy = arena.allocate(data.byteSize(), 64);
      copy.copyFrom(data);
      matrices[i] = kernels.prepare(new Weight.Stored(copy, stored, DIM, DIM), arena);
    }
    x = Tensor.allocate(arena, rows, DIM);
    out = Tensor.allocate(arena, rows, DIM);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < DIM; c++) {
        x.set(r, c, (float) random.nextGaussian());
      }
    }
  }

  /// Gives memory and threads back.
  @TearDown
  public void close() {
    parallel.close();
    arena.close();
  }

  /// One product.
  @Benchmark
  public Tensor matmul() {
    kernels.matmul(x, matrices[next], out);
    next = (next + 1) % MATRICES;
    return out;
  }
}
