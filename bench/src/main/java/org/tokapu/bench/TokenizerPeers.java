package org.tokapu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.tensor.kernels.CpuFeatures;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.Tokenizers;

/// Encodes real texts with real tokenizers on one thread, Korean and English, ids only, and prints
/// the speed: `./dev bench tokenizers`.
///
/// With `--python` the native libraries' Python packages run beside ours on the same files and
/// texts, taking turns; a ratio is taken within a round, and the table has the median of the rounds
/// and their spread. Where the ids differ, the row says so.
public final class TokenizerPeers {
  private record Case(String name, String file, String peer) {}

  private static final List<Case> CASES =
      List.of(
          new Case("LLaMA 2 (SentencePiece BPE)", "llama2/tokenizer.model", "sentencepiece"),
          new Case("T5 (SentencePiece Unigram)", "seqio-t5/spiece.model", "sentencepiece"),
          new Case("GPT-2 (byte-level BPE)", "gpt2/tokenizer.json", "tokenizers"),
          new Case("SmolLM2 (byte-level BPE)", "smollm2/tokenizer.json", "tokenizers"),
          new Case("BERT (WordPiece)", "wordpiece/tokenizer.json", "tokenizers"),
          new Case("cl100k (tiktoken)", "cl100k_base/cl100k_base.tiktoken", "tiktoken"));

  /// How to run: everything that the command line says.
  private record Options(
      Path data, @Nullable Path python, int rounds, double seconds, String only, boolean write) {
    static Options parse(String[] args) {
      Path data = Path.of("../shared/testdata");
      Path python = null;
      int rounds = 3;
      double seconds = 0.25;
      String only = "";
      boolean write = false;
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--data" -> data = Path.of(args[++i]);
          case "--python" -> python = Path.of(args[++i]);
          case "--rounds" -> rounds = Integer.parseInt(args[++i]);
          case "--seconds" -> seconds = Double.parseDouble(args[++i]);
          case "--only" -> only = args[++i];
          case "--write" -> write = true;
          default -> throw new TokapuException("unknown option " + args[i]);
        }
      }
      if (!Files.isDirectory(data)) {
        throw new TokapuException(data + " is not there; give --data DIR, the test data");
      }
      return new Options(data, python, rounds, seconds, only, write);
    }
  }

  private final Options options;
  private final @Nullable NativeTokenizers peers;

  private TokenizerPeers(Options options, @Nullable NativeTokenizers peers) {
    this.options = options;
    this.peers = peers;
  }

  /// Runs the comparison.
  public static void main(String[] args) throws IOException {
    try {
      Options options = Options.parse(args);
      Path python = options.python();
      if (python == null) {
        new TokenizerPeers(options, null).run();
        return;
      }
      try (NativeTokenizers peers =
          new NativeTokenizers(python, Path.of("scripts/tokenizer_peers.py"))) {
        new TokenizerPeers(options, peers).run();
      }
    } catch (TokapuException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException {
    Path folder = Files.createDirectories(Path.of("bench/target/texts")).toAbsolutePath();
    Path text = options.data().resolve("text");
    List<TokenizerTexts> texts = new ArrayList<>();
    texts.addAll(TokenizerTexts.of("Korean", text.resolve("ko-statutes-utf8.txt"), folder));
    texts.addAll(TokenizerTexts.of("English", text.resolve("tinyshakespeare.txt"), folder));
    StringBuilder table = new StringBuilder();
    table.append("| tokenizer | texts | tokapu, MB/s | native, MB/s | ratio | spread |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (Case one : CASES) {
      if (!one.name().contains(options.only())) {
        continue;
      }
      Path file = options.data().resolve("tokenizers").resolve(one.file());
      Tokenizer tokenizer = Tokenizers.open(file);
      // Compiling takes a while, most of all where other work keeps the processors busy.
      for (TokenizerTexts some : texts) {
        TokenizerSpeed.of(tokenizer, some, 2 * options.seconds());
      }
      for (TokenizerTexts some : texts) {
        TokenizerSpeed.of(tokenizer, some, 3 * options.seconds());
        String row = row(one, tokenizer, file, some);
        System.err.print(row);
        table.append(row);
      }
    }
    System.out.print(table);
    if (options.write()) {
      String content =
          "%s, one thread, %s; `./dev bench tokenizers --python ...`, %d interleaved rounds.%n%n%s"
              .formatted(
                  CpuFeatures.read().name(),
                  LocalDate.now(ZoneOffset.UTC),
                  options.rounds(),
                  table);
      MarkedSection.write(Path.of("docs/performance.md"), "tokenizers", content);
    }
  }

  private String row(Case one, Tokenizer tokenizer, Path file, TokenizerTexts texts)
      throws IOException {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    boolean same = true;
    for (int round = 0; round < options.rounds(); round++) {
      TokenizerSpeed our = TokenizerSpeed.of(tokenizer, texts, options.seconds());
      ours.add(our.bytesPerSecond() / 1e6);
      if (peers != null) {
        TokenizerSpeed their =
            peers.measure(one.peer(), file.toAbsolutePath(), texts, options.seconds());
        theirs.add(their.bytesPerSecond() / 1e6);
        ratios.add(our.bytesPerSecond() / their.bytesPerSecond());
        same &= our.crc() == their.crc();
      }
    }
    String name = same ? one.name() : one.name() + " (IDS DIFFER)";
    String speed = Peers.figure("%.1f", PeerTable.median(ours));
    if (ratios.isEmpty()) {
      return "| %s | %s | %s | | | |\n".formatted(name, texts.name(), speed);
    }
    return "| %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            name,
            texts.name(),
            speed,
            Peers.figure("%.1f", PeerTable.median(theirs)),
            Peers.figure("**%.2f**", PeerTable.median(ratios)),
            PeerTable.spread(ratios));
  }
}
