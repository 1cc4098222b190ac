package org.tokapu.bench;

import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.Warmup;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.Tokenizers;

/// Encoding on one thread, Korean and English, ids only. The score is in texts a second.
///
/// The tokenizer is any file that `Tokenizers` opens, named by `-p file=PATH`; by default the small
/// one of the tests.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenizerBenchmark {
  private static final String[] ENGLISH =
      "the of and a to in is it was that he for on are with as his they be at one have this from"
          .split(" ");
  private static final String[] KOREAN =
      "나는 오늘 학교에서 친구를 만나 함께 점심을 먹고 집으로 돌아와 책을 읽었다 그리고 모든 사람은 법 앞에 평등하다".split(" ");

  /// The tokenizer's file.
  @Param({"text/src/test/resources/golden/tokenizer-bpe/tokenizer.model"})
  public String file = "";

  /// The language of the text.
  @Param({"en", "ko"})
  public String language = "en";

  /// The length of the text in chars.
  @Param({"1000", "1000000"})
  public int chars = 1000;

  private Tokenizer tokenizer;
  private String text = "";

  /// Opens the tokenizer and makes the text up.
  @Setup
  public void prepare() {
    tokenizer = Tokenizers.open(Path.of(file));
    String[] words = language.equals("ko") ? KOREAN : ENGLISH;
    Random random = new Random(1);
    StringBuilder out = new StringBuilder();
    while (out.length() < chars) {
      out.append(words[random.nextInt(words.length)]);
      out.append(random.nextInt(12) == 0 ? ".\n" : " ");
    }
    text = out.toString();
  }

  /// Encodes the text.
  @Benchmark
  public int[] encode() {
    return tokenizer.encode(text);
  }
}
