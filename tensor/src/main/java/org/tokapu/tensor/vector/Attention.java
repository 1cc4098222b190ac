package org.tokapu.tensor.vector;

import static org.tokapu.tensor.vector.Lanes.COUNT;
import static org.tokapu.tensor.vector.Lanes.FLOATS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;

/// Softmax attention over a paged cache, in one pass.
///
/// A piece of work is one key/value head and some rows of a run: all queries of these rows that
/// read the head share what is loaded of the cache. Positions are taken in chunks of 64 that start
/// at multiples of 64 of the sequence, in ascending order; each chunk's maximum and sum correct
/// those before (Milakov and Gimelshein, 2018). So a row's bits depend on its position alone.
final class Attention {
  /// Positions in a chunk.
  static final int CHUNK = 64;

  /// Queries that go through a kernel together.
  private static final int EIGHT = 8;

  /// Queries in a piece of work: what is loaded of the cache is used so often.
  private static final int QUERIES = 128;

  private record Piece(AttentionRun run, int kvHead, int firstRow, int rows) {}

  private final Parallel parallel;
  private final Scratch[] scratch;

  Attention(Parallel parallel) {
    this.parallel = parallel;
    this.scratch = new Scratch[parallel.width()];
    Arrays.setAll(scratch, i -> new Scratch());
  }

  void run(Tensor q, List<AttentionRun> runs, int layer, AttentionSpec spec, Tensor out) {
    int group = spec.heads() / spec.kvHeads();
    int step = Math.max(1, QUERIES / group);
    List<Piece> pieces = new ArrayList<>();
    for (AttentionRun run : runs) {
      for (int row = 0; row < run.rows(); row += step) {
        for (int head = 0; head < spec.kvHeads(); head++) {
          pieces.add(new Piece(run, head, row, Math.min(step, run.rows() - row)));
        }
      }
    }
    parallel.run(
        pieces.size(), (i, worker) -> scratch[worker].run(q, pieces.get(i), layer, spec, out));
  }

  /// One piece of work, in memory that a worker alone uses.
  private static final class Scratch {
    private static final float[] NONE = new float[0];

    private float[] chunkKeys = NONE;
    private float[] chunkValues = NONE;

    /// Queries as `[eights][headDim][8]`.
    private float[] queries = NONE;

    /// Scores of eight queries, `[8][64]`, and their weights, `[64][8]`.
    private final float[] scores = new float[EIGHT * CHUNK];

    private final float[] weights = new float[CHUNK * EIGHT];

    /// Weighted sums of values, `[queries][width]`, and what belongs to them.
    private float[] mixed = NONE;

    private float[] maxima = NONE;
    private float[] sums = NONE;

    private final float[] lanes = new float[COUNT];

    void run(Tensor q, Piece piece, int layer, AttentionSpec spec, Tensor out) {
      int group = spec.heads() / spec.kvHeads();
      int count = piece.rows * group;
      int eights = Math.ceilDiv(count, EIGHT);
      int size = spec.headDim();
      int width = Math.ceilDiv(size, COUNT) * COUNT;
      reserve(eights * EIGHT, size, width);
      loadQueries(q, piece, group, size);
      AttentionRun run = piece.run;
      int start = run.start() + piece.firstRow;
      int length = run.start() + run.rows();
      int first = spec.firstVisible(start);
      int end = spec.endVisible(start + piece.rows - 1, length);
      KvChunks cache = new KvChunks(run.kv(), layer, piece.kvHead, width);
      for (int chunk = first / CHUNK * CHUNK; chunk < end; chunk += CHUNK) {
        int valid = Math.min(CHUNK, end - chunk);
        cache.loadKeys(chunk, valid, chunkKeys);
        cache.loadValues(chunk, valid, chunkValues);
        for (int e = 0; e < eights; e++) {
          chunk(e, count, chunk, valid, start, length, group, spec, width);
        }
      }
      storeResults(piece, group, size, width, out);
    }

    private void reserve(int count, int size, int width) {
      if (chunkKeys.length < CHUNK * size) {
        chunkKeys = new float[CHUNK * size];
      }
      if (chunkValues.length < CHUNK * width) {
        chunkValues = new float[CHUNK * width];
      }
      if (queries.length < count * size) {
        queries = new float[count * size];
      }
      if (mixed.length < count * width) {
        mixed = new float[count * width];
      }
      if (maxima.length < count) {
        maxima = new float[count];
        sums = new float[count];
      }
      Arrays.fill(mixed, 0, count * width, 0f);
      Arrays.fill(maxima, 0, count, Float.NEGATIVE_INFINITY);
      Arrays.fill(sums, 0, count, 0f);
    }

    private void loadQueries(Tensor q, Piece piece, int group, int size) {
      for (int i = 0; i < piece.rows * group; i++) {
        long from = offset(q, piece, group, i, size);
        int at = i / EIGHT * EIGHT * size + i % EIGHT;
        for (int d = 0; d < size; d++) {
          queries[at + d * EIGHT] = q.data().get(ValueLayout.JAVA_FLOAT, from + 4L * d);
        }
      }
    }

    /// Returns where query `i` of the piece, or its result, lies.
    private static long offset(Tensor t, Piece piece, int group, int i, int size) {
      int row = piece.run.firstRow() + piece.firstRow + i / group;
      int head = piece.kvHead * group + i % group;
      return ((long) row * t.cols() + (long) head * size) * Float.BYTES;
    }

    private void chunk(
        int e,
        int count,
        int chunk,
        int valid,
        int start,
        int length,
        int group,
        AttentionSpec spec,
        int width) {
      int size = spec.headDim();
      int from = CHUNK;
      int to = 0;
      for (int i = 0; i < EIGHT && e * EIGHT + i < count; i++) {
        int position = start + (e * EIGHT + i) / group;
        from = Math.min(from, Math.max(0, spec.firstVisible(position) - chunk));
        to = Math.max(to, Math.min(valid, spec.endVisible(position, length) - chunk));
      }
      if (from >= to) {
        return;
      }
      for (int tile = 0; tile < to; tile += KvLayout.TILE) {
        for (int lane = 0; lane < KvLayout.TILE; lane += COUNT) {
          int b = tile * size + lane;
          eight(
              chunkKeys,
              b,
              KvLayout.TILE,
              queries,
              e * EIGHT * size,
              0,
              size,
              false,
              scores,
              tile + lane,
              CHUNK);
        }
      }
      Arrays.fill(weights, 0f);
      for (int i = 0; i < EIGHT && e * EIGHT + i < count; i++) {
        int query = e * EIGHT + i;
        int position = start + query / group;
        int first = Math.max(0, spec.firstVisible(position) - chunk);
        int end = Math.min(valid, spec.endVisible(position, length) - chunk);
        if (first < end) {
          softmax(i, query, first, end, spec.scale(), width);
        }
      }
      for (int v = 0; v < width; v += COUNT) {
        eight(
            chunkValues, v, width, weights, 0, from, to, true, mixed, e * EIGHT * width + v, width);
      }
    }

    /// Turns the scores of one query at `first .. end` into weights, and corrects what it has.
    private void softmax(int i, int query, int first, int end, float scale, int width) {
      int at = i * CHUNK;
      Arrays.fill(scores, at, at + first, Float.NEGATIVE_INFINITY);
      Arrays.fill(scores, at + end, at + CHUNK, Float.NEGATIVE_INFINITY);
      FloatVector top = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
      for (int p = 0; p < CHUNK; p += COUNT) {
        FloatVector s = FloatVector.fromArray(FLOATS, scores, at + p).mul(scale);
        s.intoArray(scores, at + p);
        top = top.max(s);
      }
      float before = maxima[query];
      float max = Math.max(before, top.reduceLanes(VectorOperators.MAX));
      for (int p = 0; p < CHUNK; p += COUNT) {
        Lanes.exp(FloatVector.fromArray(FLOATS, scores, at + p).sub(max)).intoArray(scores, at + p);
      }
      Arrays.fill(scores, at, at + first, 0f);
      Arrays.fill(scores, at + end, at + CHUNK, 0f);
      FloatVector total = FloatVector.zero(FLOATS);
      for (int p = 0; p < CHUNK; p += COUNT) {
        total = total.add(FloatVector.fromArray(FLOATS, scores, at + p));
      }
      total.intoArray(lanes, 0);
      float sum = Lanes.sum(lanes, 0);
      for (int p = first; p < end; p++) {
        weights[p * EIGHT + i] = scores[at + p];
      }
      if (max != before) {
        float correction = Lanes.exp(before - max);
        sums[query] *= correction;
        for (int v = query * width; v < (query + 1) * width; v += COUNT) {
          FloatVector.fromArray(FLOATS, mixed, v).mul(correction).intoArray(mixed, v);
        }
        maxima[query] = max;
      }
      sums[query] += sum;
    }

    private void storeResults(Piece piece, int group, int size, int width, Tensor out) {
      MemorySegment to = out.data();
      for (int i = 0; i < piece.rows * group; i++) {
        for (int d = i * width; d < i * width + size; d++) {
          mixed[d] /= sums[i];
        }
        long at = offset(out, piece, group, i, size);
        MemorySegment.copy(mixed, i * width, to, ValueLayout.JAVA_FLOAT, at, size);
      }
    }
  }

  /// Multiplies eight rows with one vector of columns: `c[i] = sum over k of a[k][i] * b[k]`, by
  /// ascending `k`, added to what `c` holds if `add`.
  ///
  /// @param b vectors `bStep` apart, the first of which is at `bAt`
  /// @param a factors, eight for each `k`
  /// @param c results, `cStep` apart
  private static void eight(
      float[] b,
      int bAt,
      int bStep,
      float[] a,
      int aAt,
      int from,
      int to,
      boolean add,
      float[] c,
      int cAt,
      int cStep) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector c0 = add ? FloatVector.fromArray(FLOATS, c, cAt) : zero;
    FloatVector c1 = add ? FloatVector.fromArray(FLOATS, c, cAt + cStep) : zero;
    FloatVector c2 = add ? FloatVector.fromArray(FLOATS, c, cAt + 2 * cStep) : zero;
    FloatVector c3 = add ? FloatVector.fromArray(FLOATS, c, cAt + 3 * cStep) : zero;
    FloatVector c4 = add ? FloatVector.fromArray(FLOATS, c, cAt + 4 * cStep) : zero;
    FloatVector c5 = add ? FloatVector.fromArray(FLOATS, c, cAt + 5 * cStep) : zero;
    FloatVector c6 = add ? FloatVector.fromArray(FLOATS, c, cAt + 6 * cStep) : zero;
    FloatVector c7 = add ? FloatVector.fromArray(FLOATS, c, cAt + 7 * cStep) : zero;
    for (int k = from; k < to; k++) {
      FloatVector v = FloatVector.fromArray(FLOATS, b, bAt + k * bStep);
      int x = aAt + k * EIGHT;
      c0 = v.fma(FloatVector.broadcast(FLOATS, a[x]), c0);
      c1 = v.fma(FloatVector.broadcast(FLOATS, a[x + 1]), c1);
      c2 = v.fma(FloatVector.broadcast(FLOATS, a[x + 2]), c2);
      c3 = v.fma(FloatVector.broadcast(FLOATS, a[x + 3]), c3);
      c4 = v.fma(FloatVector.broadcast(FLOATS, a[x + 4]), c4);
      c5 = v.fma(FloatVector.broadcast(FLOATS, a[x + 5]), c5);
      c6 = v.fma(FloatVector.broadcast(FLOATS, a[x + 6]), c6);
      c7 = v.fma(FloatVector.broadcast(FLOATS, a[x + 7]), c7);
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + cStep);
    c2.intoArray(c, cAt + 2 * cStep);
    c3.intoArray(c, cAt + 3 * cStep);
    c4.intoArray(c, cAt + 4 * cStep);
    c5.intoArray(c, cAt + 5 * cStep);
    c6.intoArray(c, cAt + 6 * cStep);
    c7.intoArray(c, cAt + 7 * cStep);
  }
}
