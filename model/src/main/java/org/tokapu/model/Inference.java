package org.tokapu.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Workspace;

/// Runs a [Transformer]: one model, one set of kernels, one pool of key/value pages.
///
/// Confined to one thread at a time. Owns its scratch memory, the repacked weights and the pool;
/// the transformer and the kernels belong to whoever made them.
public final class Inference implements AutoCloseable {
  /// Positions in a page of the cache: large enough to keep the list of pages short, small enough
  /// that a short conversation wastes little.
  public static final int PAGE_TOKENS = 64;

  private final Transformer model;
  private final Kernels kernels;
  private final int context;
  private final Arena arena = Arena.ofShared();
  private final Workspace workspace = new Workspace();
  private final EagerOps ops;
  private final KvPool pool;

  /// @param context the longest sequence
  /// @param sequences how many sequences of that length the pool must hold
  public Inference(
      Transformer model, Kernels kernels, KvLayout.KvType kvType, int context, int sequences) {
    this.model = model;
    this.kernels = kernels;
    Transformer.Shape shape = model.shape();
    if (context > shape.maxPositions()) {
      throw new OutOfCapacityException(
          "the model has %d positions, a context of %d was asked; use at most %d"
              .formatted(shape.maxPositions(), context, shape.maxPositions()));
    }
    this.context = context;
    ops = new EagerOps(kernels, workspace, arena);
    KvLayout layout =
        new KvLayout(shape.layers(), shape.kvHeads(), shape.headDim(), PAGE_TOKENS, kvType);
    pool = new KvPool(layout, sequences * Math.ceilDiv(context, PAGE_TOKENS));
  }

  /// Returns the model.
  public Transformer model() {
    return model;
  }

  /// Returns the kernels that do the work.
  public Kernels kernels() {
    return kernels;
  }

  /// Returns the longest sequence.
  public int context() {
    return context;
  }

  /// Returns the pool, to open sequences in.
  public KvPool pool() {
    return pool;
  }

  /// Repacks every matrix and warms the code up now, instead of at the first request.
  public void prepare() {
    logits(TokenBatch.whole(0));
  }

  /// Runs a batch; its caches then hold its rows.
  ///
  /// @return logits of the rows that want them, in row order, `[rows, vocab]`; valid until the next
  ///   call
  public Tensor logits(TokenBatch batch) {
    return logits(batch, ops);
  }

  /// As [#logits(TokenBatch)], showing the residual stream to `watcher`; the last state it sees is
  /// the one after the final norm.
  public Tensor logits(TokenBatch batch, TracingOps.Watcher watcher) {
    int layers = model.shape().layers();
    TracingOps tracing =
        new TracingOps(
            ops,
            (blocks, hidden) -> {
              if (blocks < layers) {
                watcher.hidden(blocks, hidden);
              }
            });
    Tensor hidden = hidden(batch, tracing);
    watcher.hidden(layers, hidden);
    return head(batch, hidden);
  }

  private Tensor logits(TokenBatch batch, Ops through) {
    return head(batch, hidden(batch, through));
  }

  /// Runs a batch as [#logits(TokenBatch)] does, but stops in front of the output projection.
  ///
  /// @return hidden states after the final norm of all rows, `[rows, dim]`; valid until the next
  ///   call
  public Tensor hidden(TokenBatch batch) {
    return hidden(batch, ops);
  }

  private Tensor hidden(TokenBatch batch, Ops through) {
    check(batch);
    List<TokenBatch.Run> runs = batch.runs();
    for (TokenBatch.Run run : runs) {
      if (run.cache() != null) {
        run.cache().reserve(run.rows());
      }
    }
    workspace.reset(0);
    Tensor hidden = model.forward(through, batch);
    for (TokenBatch.Run run : runs) {
      if (run.cache() != null) {
        run.cache().advance(run.rows());
      }
    }
    return hidden;
  }

  /// Goes on from [#hidden(TokenBatch)] of the same batch.
  ///
  /// @return logits of the rows that want them, in row order, `[rows, vocab]`; valid until the next
  ///   call of another method
  public Tensor head(TokenBatch batch, Tensor hidden) {
    int[] rows = batch.logitRows();
    Tensor wanted = rows.length == hidden.rows() ? hidden : gather(hidden, rows);
    return rows.length == 0 ? wanted : ops.linear(wanted, model.head());
  }

  private Tensor gather(Tensor x, int[] rows) {
    Tensor out = workspace.tensor(rows.length, x.cols());
    long bytes = (long) x.cols() * Float.BYTES;
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(x.data(), rows[i] * bytes, out.data(), i * bytes, bytes);
    }
    return out;
  }

  private void check(TokenBatch batch) {
    int vocabulary = model.shape().vocabulary();
    for (int token : batch.tokens()) {
      if (token < 0 || token >= vocabulary) {
        throw new TokapuException(
            "token id %d is outside the vocabulary of %d; ids lie in 0..%d"
                .formatted(token, vocabulary, vocabulary - 1));
      }
    }
    for (TokenBatch.Run run : batch.runs()) {
      int start = run.cache() == null ? 0 : run.cache().length();
      if (run.start() != start) {
        throw new IllegalStateException(
            "a run starts at %d, its cache holds %d positions".formatted(run.start(), start));
      }
      if (start + run.rows() > context) {
        throw new OutOfCapacityException(
            "%d tokens do not fit a context of %d; open the model with a larger context (--ctx)"
                .formatted(start + run.rows(), context));
      }
    }
  }

  @Override
  public void close() {
    pool.close();
    workspace.close();
    arena.close();
  }
}
