package org.tokapu.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A ragged batch: runs of rows, each at a place in its own sequence.
///
/// A prompt, a piece of one, a step of decoding and a speculation are the same thing. Immutable but
/// for the caches it points to.
public final class TokenBatch {
  /// Consecutive rows of one sequence.
  ///
  /// @param firstRow where they lie in the batch
  /// @param rows how many
  /// @param start position of the first of them in its sequence; what the cache already holds
  /// @param cache the sequence's keys and values; null: nothing is kept, `start` is 0
  /// @param logitRows how many rows, counted from the last, want logits
  public record Run(
      int firstRow, int rows, int start, @Nullable KvSequence cache, int logitRows) {}

  private final int[] tokens;
  private final int[] positions;
  private final List<Run> runs;

  private TokenBatch(int[] tokens, int[] positions, List<Run> runs) {
    this.tokens = tokens;
    this.positions = positions;
    this.runs = List.copyOf(runs);
  }

  /// Starts an empty batch.
  public static Builder builder() {
    return new Builder();
  }

  /// Returns a batch of one sequence that continues `cache` and wants logits of its last row.
  public static TokenBatch of(KvSequence cache, int... tokens) {
    return builder().add(tokens, cache, 1).build();
  }

  /// Returns a batch of one whole sequence without a cache, wanting logits of every row.
  public static TokenBatch whole(int... tokens) {
    return builder().add(tokens, null, tokens.length).build();
  }

  /// Returns the number of rows.
  public int rows() {
    return tokens.length;
  }

  /// Returns the token of every row. Not to be changed.
  public int[] tokens() {
    return tokens;
  }

  /// Returns the position of every row in its sequence. Not to be changed.
  public int[] positions() {
    return positions;
  }

  /// Returns the runs, in row order.
  public List<Run> runs() {
    return runs;
  }

  /// Returns the rows that want logits, ascending.
  public int[] logitRows() {
    int[] out = new int[runs.stream().mapToInt(Run::logitRows).sum()];
    int at = 0;
    for (Run run : runs) {
      for (int r = run.rows - run.logitRows; r < run.rows; r++) {
        out[at++] = run.firstRow + r;
      }
    }
    return out;
  }

  /// Collects runs.
  public static final class Builder {
    private int[] tokens = new int[16];
    private int[] positions = new int[16];
    private int rows;
    private final List<Run> runs = new ArrayList<>();

    private Builder() {}

    /// Adds tokens that continue a sequence.
    ///
    /// @param cache where it stands; null: a whole sequence of which nothing is kept
    /// @param logitRows how many of these rows, counted from the last, want logits
    public Builder add(int[] ids, @Nullable KvSequence cache, int logitRows) {
      if (ids.length == 0 || logitRows < 0 || logitRows > ids.length) {
        throw new IllegalArgumentException(
            "a run needs tokens and at most as many logits: %d and %d"
                .formatted(ids.length, logitRows));
      }
      int start = cache == null ? 0 : cache.length();
      int needed = rows + ids.length;
      if (needed > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(needed, 2 * tokens.length));
        positions = Arrays.copyOf(positions, tokens.length);
      }
      for (int i = 0; i < ids.length; i++) {
        tokens[rows + i] = ids[i];
        positions[rows + i] = start + i;
      }
      runs.add(new Run(rows, ids.length, start, cache, logitRows));
      rows = needed;
      return this;
    }

    /// Returns the batch.
    public TokenBatch build() {
      if (rows == 0) {
        throw new IllegalArgumentException("a batch needs at least one token");
      }
      return new TokenBatch(
          Arrays.copyOf(tokens, rows), Arrays.copyOf(positions, rows), runs);
    }
  }
}
