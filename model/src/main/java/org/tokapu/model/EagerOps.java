package org.tokapu.model;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tokapu.tensor.AttentionRun;
import org.tokapu.tensor.AttentionSpec;
import org.tokapu.tensor.Kernels;
import org.tokapu.tensor.KvLayout;
import org.tokapu.tensor.Matmul;
import org.tokapu.tensor.RopeTable;
import org.tokapu.tensor.Tensor;
import org.tokapu.tensor.Weight;
import org.tokapu.tensor.Workspace;

/// Runs ops at once, in a workspace that is rewound after every block. Confined to one thread.
public final class EagerOps implements Ops {
  private final Kernels kernels;
  private final Workspace workspace;
  private final Arena arena;
  private final IdentityHashMap<Weight, Matmul> prepared = new IdentityHashMap<>();

  /// @param workspace scratch memory; the caller rewinds it between steps
  /// @param arena keeps repacked weights; must live as long as these ops
  public EagerOps(Kernels kernels, Workspace workspace, Arena arena) {
    this.kernels = kernels;
    this.workspace = workspace;
    this.arena = arena;
  }

  /// Returns `w` turned into a function, prepared at its first use.
  public Matmul prepare(Weight w) {
    Matmul known = prepared.get(w);
    if (known == null) {
      known = kernels.prepare(w, arena);
      prepared.put(w, known);
    }
    return known;
  }

  @Override
  public Tensor embed(Weight.Stored table, TokenBatch batch) {
    Tensor out = workspace.tensor(batch.rows(), table.cols());
    kernels.embed(table, batch.tokens(), out);
    return out;
  }

  @Override
  public Tensor embedPositions(Weight.Stored table, TokenBatch batch) {
    Tensor out = workspace.tensor(batch.rows(), table.cols());
    kernels.embed(table, batch.positions(), out);
    return out;
  }

  @Override
  public List<Tensor> linears(Tensor x, List<Linear> ws) {
    List<Matmul> functions = new ArrayList<>(ws.size());
    List<Tensor> outs = new ArrayList<>(ws.size());
    for (Linear w : ws) {
      functions.add(prepare(w.weight()));
      outs.add(workspace.tensor(x.rows(), w.weight().rows()));
    }
    kernels.matmul(x, functions, outs);
    for (int i = 0; i < outs.size(); i++) {
      Tensor bias = ws.get(i).bias();
      if (bias != null) {
        kernels.add(outs.get(i), bias, outs.get(i));
      }
    }
    return outs;
  }

  @Override
  public Tensor rmsNorm(Tensor x, Tensor gain, float eps) {
    Tensor out = workspace.tensor(x.rows(), x.cols());
    kernels.rmsNorm(x, gain, eps, out);
    return out;
  }

  @Override
  public Tensor layerNorm(Tensor x, LayerNorm norm) {
    Tensor out = workspace.tensor(x.rows(), x.cols());
    kernels.layerNorm(x, norm.gain(), norm.bias(), norm.eps(), out);
    return out;
  }

  @Override
  public Tensor rope(Tensor x, int headDim, RopeTable table, TokenBatch batch) {
    kernels.rope(x, headDim, table, batch.positions());
    return x;
  }

  @Override
  public Tensor attention(
      Tensor q, Tensor k, Tensor v, AttentionSpec spec, TokenBatch batch, int layer) {
    Tensor out = workspace.tensor(q.rows(), spec.heads() * spec.headDim());
    List<AttentionRun> cached = new ArrayList<>(batch.runs().size());
    List<AttentionRun> loose = new ArrayList<>();
    for (TokenBatch.Run run : batch.runs()) {
      if (run.cache() != null) {
        cached.add(new AttentionRun(run.firstRow(), run.rows(), run.start(), run.cache()));
      } else {
        loose.add(new AttentionRun(run.firstRow(), run.rows(), 0, scratch(run.rows(), spec)));
      }
    }
    if (!cached.isEmpty()) {
      kernels.storeKv(k, v, cached, layer);
      kernels.attend(q, cached, layer, spec, out);
    }
    if (!loose.isEmpty()) {
      kernels.storeKv(k, v, loose, 0);
      kernels.attend(q, loose, 0, spec, out);
    }
    return out;
  }

  private ScratchKv scratch(int rows, AttentionSpec spec) {
    KvLayout layout = ScratchKv.layoutFor(rows, spec.kvHeads(), spec.headDim());
    return new ScratchKv(layout, workspace.allocate(layout.layerBytes()));
  }

  @Override
  public Tensor swiGlu(Tensor gate, Tensor up) {
    kernels.swiGlu(gate, up, gate);
    return gate;
  }

  @Override
  public Tensor gelu(Tensor x, boolean tanhApproximation) {
    kernels.gelu(x, tanhApproximation, x);
    return x;
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    Tensor out = workspace.tensor(a.rows(), a.cols());
    kernels.add(a, b, out);
    return out;
  }

  @Override
  public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
    long mark = workspace.mark();
    Tensor y = body.apply(x);
    x.data().copyFrom(y.data()); // the residual stream stays where it is
    workspace.reset(mark);
    return x;
  }
}
