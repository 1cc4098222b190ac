package org.tokapu.tensor;

/// One sequence's part of a ragged batch: rows `firstRow .. firstRow + rows` of the batch stand at
/// positions `start .. start + rows` of the sequence whose keys and values `kv` holds.
public record AttentionRun(int firstRow, int rows, int start, KvView kv) {}
