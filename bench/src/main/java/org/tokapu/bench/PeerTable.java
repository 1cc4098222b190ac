package org.tokapu.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tokapu.base.json.JsonObject;

/// The table that [Peers] prints and writes into `docs/performance.md`.
final class PeerTable {
  private PeerTable() {}

  /// One kind of work in one format, over all rounds.
  static final class Row {
    private final String format;
    private final String work;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> theirs = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();
    private final List<Double> shares = new ArrayList<>();
    private String shareOf = "";

    Row(String format, String work) {
      this.format = format;
      this.work = work;
    }

    /// Adds a round.
    ///
    /// @param share the key of our share of the machine's roof
    void add(JsonObject result, String share, double llama) {
      double speed = result.number("tokens_per_second").orElseThrow();
      ours.add(speed);
      theirs.add(llama);
      ratios.add(speed / llama);
      result.number(share).ifPresent(shares::add);
      shareOf = share.equals("share_of_bandwidth") ? "read bandwidth" : "arithmetic peak";
    }

    private String line() {
      return "| %s | %s | %s | %s | %s | %s | %s |"
          .formatted(
              format,
              work,
              Peers.figure("%.1f", median(ours)),
              Peers.figure("%.1f", median(theirs)),
              Peers.figure("**%.2f**", median(ratios)),
              spread(ratios),
              shares.isEmpty()
                  ? ""
                  : Peers.figure("%.0f %%", 100 * median(shares)) + " of " + shareOf);
    }
  }

  static String spread(List<Double> values) {
    return Peers.figure("%.2f", Collections.min(values))
        + " to "
        + Peers.figure("%.2f", Collections.max(values));
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /// Returns the table in Markdown.
  static String markdown(List<Row> rows) {
    StringBuilder out = new StringBuilder();
    out.append(
        "| format | work | tokapu, tokens/s | llama.cpp, tokens/s | ratio | spread | ours |\n");
    out.append("|---|---|---|---|---|---|---|\n");
    rows.forEach(row -> out.append(row.line()).append('\n'));
    return out.toString();
  }

  /// Puts the table between its marks in `file`.
  static void write(Path file, String cpu, Peers.Options options, String table) throws IOException {
    String content =
        "%s, %d threads, %s; `./dev bench peers --llama-bench ...`, %d interleaved rounds.%n%n%s"
            .formatted(
                cpu, options.threads(), LocalDate.now(ZoneOffset.UTC), options.rounds(), table);
    MarkedSection.write(file, "peers", content);
  }
}
