package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.cli.Shell;
import org.tokapu.testkit.TestData;

class SynthCommandTests {
  @TempDir Path home;

  @Test
  void writesAModelThatOtherCommandsRead() throws IOException {
    Path file = home.resolve("t.gguf");
    Shell shell = Shell.english(home);
    Shell.Result synth = shell.run("synth", "tiny", file.toString(), "--format", "Q4_0");
    assertThat(synth).isEqualTo(new Shell.Result(0, "", ""));

    Shell.Result inspect = shell.run("inspect", file.toString(), "--json");
    assertThat(inspect.code()).isZero();
    JsonObject facts = JsonObject.of(Json.parse(inspect.out(), "inspect"), "inspect", "");
    // 4 layers of 256: q and o 256 x 256, k and v 128 x 256, three matrices of 768 x 256, two
    // norms;
    // embedding and output 32,000 x 256; the last norm.
    long layer = 2L * 256 * 256 + 2L * 128 * 256 + 3L * 768 * 256 + 2 * 256;
    assertThat(facts.map())
        .containsEntry("parameters", 4 * layer + 2L * 32_000 * 256 + 256)
        .containsEntry("vocabulary", 32_000L)
        .containsEntry("trained_context", 4096L)
        .containsEntry("chat_template", true);

    Shell.Result bench =
        shell.run("bench", file.toString(), "-p", "4", "-n", "2", "-r", "1", "--json");
    assertThat(bench.code()).isZero();
    assertThat(shell.run("bench", file.toString(), "-p", "4", "-n", "2", "-r", "1").out())
        .contains("% of the arithmetic peak")
        .contains("% of the memory bandwidth");
    JsonObject speed = JsonObject.of(Json.parse(bench.out(), "bench"), "bench", "");
    assertThat(speed.object("generation").orElseThrow().number("tokens_per_second").orElseThrow())
        .isPositive();
    assertThat(Files.list(home)).containsExactly(file);
  }

  @Test
  void aSeedGivesTheSameBytes() throws IOException {
    Path one = home.resolve("1.gguf");
    Path two = home.resolve("2.gguf");
    Path other = home.resolve("3.gguf");
    Shell shell = Shell.english(home);
    shell.run("synth", "tiny", one.toString(), "--format", "q8_0", "--seed", "7");
    shell.run("synth", "tiny", two.toString(), "--format", "q8_0", "--seed", "7");
    shell.run("synth", "tiny", other.toString(), "--format", "q8_0", "--seed", "8");
    assertThat(Files.mismatch(one, two)).isEqualTo(-1);
    assertThat(Files.mismatch(one, other)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2/tokenizer.json", "llama2/tokenizer.model"})
  void takesAVocabularyOver(String name) {
    Optional<Path> file = TestData.find("tokenizers/" + name);
    assumeTrue(file.isPresent(), "SKIPPED: no reference tokenizers");
    String out = home.resolve("t.gguf").toString();
    Shell shell = Shell.english(home);
    Shell.Result synth =
        shell.run("synth", "tiny", out, "--format", "Q8_0", "--tokenizer", file.get().toString());
    assertThat(synth).isEqualTo(new Shell.Result(0, "", ""));
    String text = "Hello, 세계 <s>";
    assertThat(shell.run("tokenize", out, "--ids", text).out())
        .isEqualTo(shell.run("tokenize", file.get().toString(), "--ids", text).out())
        .isNotBlank();
    assertThat(shell.run("inspect", out, "--json").out()).contains("\"chat_template\" : true");
  }

  @Test
  void namesWhatItKnows() {
    Path out = home.resolve("x.gguf");
    Shell.Result shape =
        Shell.english(home).run("synth", "huge", out.toString(), "--format", "F16");
    assertThat(shape.code()).isEqualTo(2);
    assertThat(shape.err()).contains("huge").contains("tinyllama-1.1b");
    Shell.Result format =
        Shell.english(home).run("synth", "tiny", out.toString(), "--format", "Q9");
    assertThat(format.code()).isEqualTo(1);
    assertThat(format.err()).contains("Q9").contains("Q4_0");
    assertThat(Files.exists(out)).isFalse();
  }
}
