package org.tokapu.model.file;

import java.util.ArrayList;
import java.util.List;

/// Lays out the tensors of a llama2.c file one after another.
final class Llama2cLayout {
  private final Llama2cHeader header;
  private final List<Llama2cTensor> tensors = new ArrayList<>();
  private long position;

  private Llama2cLayout(Llama2cHeader header, long start) {
    this.header = header;
    this.position = start;
  }

  /// Returns the tensors of a file with this plausible header, whose data begins at `start`; the
  /// last one ends where the file should.
  static Llama2cLayout of(Llama2cHeader header, long start) {
    Llama2cLayout layout = new Llama2cLayout(header, start);
    if (header.version() == 0) {
      layout.legacy();
    } else {
      layout.version1();
    }
    return layout;
  }

  List<Llama2cTensor> tensors() {
    return List.copyOf(tensors);
  }

  /// Returns where the file ends.
  long end() {
    return position;
  }

  private void legacy() {
    embedding();
    perLayer("attn_norm", header.dim());
    attention();
    perLayer("ffn_norm", header.dim());
    feedForward();
    add("output_norm.weight", header.dim());
    int headDim = header.dim() / header.heads();
    position += 2 * ((long) header.context() * headDim / 2) * Float.BYTES; // RoPE tables, unused
    output();
  }

  private void version1() {
    perLayer("attn_norm", header.dim());
    perLayer("ffn_norm", header.dim());
    add("output_norm.weight", header.dim());
    embedding();
    attention();
    feedForward();
    output();
  }

  private void embedding() {
    add("token_embd.weight", header.vocabulary(), header.dim());
  }

  private void attention() {
    long kvDim = (long) header.dim() / header.heads() * header.kvHeads();
    perLayer("attn_q", header.dim(), header.dim());
    perLayer("attn_k", kvDim, header.dim());
    perLayer("attn_v", kvDim, header.dim());
    perLayer("attn_output", header.dim(), header.dim());
  }

  private void feedForward() {
    perLayer("ffn_gate", header.hidden(), header.dim());
    perLayer("ffn_down", header.dim(), header.hidden());
    perLayer("ffn_up", header.hidden(), header.dim());
  }

  private void output() {
    if (!header.tied()) {
      add("output.weight", header.vocabulary(), header.dim());
    }
  }

  private void perLayer(String name, long... shape) {
    for (int layer = 0; layer < header.layers(); layer++) {
      add("blk." + layer + "." + name + ".weight", shape);
    }
  }

  private void add(String name, long... shape) {
    long bytes = Float.BYTES;
    for (long dim : shape) {
      bytes *= dim;
    }
    tensors.add(new Llama2cTensor(name, shape.clone(), position, bytes));
    position += bytes;
  }
}
