package org.tokapu.model.file;

/// Where a float32 tensor lies in a llama2.c file.
///
/// @param name its GGUF name, `blk.0.attn_q.weight`
/// @param shape its dimensions, the fastest-running last; not to be changed
/// @param offset where its bytes begin
/// @param bytes how many there are
public record Llama2cTensor(String name, long[] shape, long offset, long bytes) {}
