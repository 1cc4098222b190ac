package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.cli.Shell;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.model.file.SafetensorsTensor;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.TestData;

/// Commands on a golden model without a tokenizer; expected figures are those of transformers.
class GoldenModelTests {
  private static final JsonObject GOLDEN = TestData.json("golden/llama-mha.json");

  @TempDir static Path folder;
  @TempDir Path home;

  @BeforeAll
  static void write() throws IOException {
    GoldenFolder.write(GOLDEN, folder);
  }

  private static JsonObject sample(String name) {
    return GOLDEN.objects("cases").stream()
        .filter(c -> c.text("case").orElseThrow().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String join(List<?> ids, String by) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(by));
  }

  private static List<?> data(JsonObject of, String key) {
    return of.object(key).orElseThrow().list("data");
  }

  @Test
  void runPrintsTheGreedyIdsAndNothingElse() {
    List<?> expected = sample("greedy").list("new_ids");
    String prompt = join(data(sample("greedy"), "prompt_ids"), ",");
    String n = Integer.toString(expected.size());
    Shell shell = Shell.english(home);
    Shell.Result ids =
        shell.run(
            "run",
            folder.toString(),
            "--prompt-ids",
            prompt,
            "-n",
            n,
            "--temp",
            "0",
            "--ids",
            "--ignore-eos");
    assertThat(ids)
        .isEqualTo(new Shell.Result(0, join(expected, " ") + System.lineSeparator(), ""));
    // Without a tokenizer there is no text to print.
    assertThat(shell.run("run", folder.toString(), "--prompt-ids", prompt, "-n", n, "--temp", "0"))
        .isEqualTo(ids);
  }

  @Test
  void aSeedRepeatsWhateverTheThreads() {
    String prompt = join(data(sample("greedy"), "prompt_ids"), ",");
    List<String> line =
        List.of("run", folder.toString(), "--prompt-ids", prompt, "-n", "10", "--ids", "--seed");
    String one = out(line, "7", "--threads", "1");
    assertThat(out(line, "7", "--threads", "2")).isEqualTo(one).isNotBlank();
    assertThat(out(line, "8", "--threads", "1")).isNotEqualTo(one);
  }

  private String out(List<String> line, String... more) {
    String[] all = new String[line.size() + more.length];
    line.toArray(all);
    System.arraycopy(more, 0, all, line.size(), more.length);
    return Shell.english(home).run(all).out();
  }

  @Test
  void logitsAndHiddenStatesAreThoseOfTransformers() {
    JsonObject full = sample("full");
    Path out = home.resolve("out.safetensors");
    Shell.Result result =
        Shell.english(home)
            .run(
                "logits",
                folder.toString(),
                "--ids",
                join(data(full, "input_ids"), ","),
                "--all",
                "--hidden",
                "--out",
                out.toString());
    assertThat(result).isEqualTo(new Shell.Result(0, "", ""));
    try (SafetensorsFile file = SafetensorsFile.open(out)) {
      assertThat(file.tensors().stream().map(SafetensorsTensor::name))
          .containsExactlyInAnyOrder("logits", "hidden.0", "hidden.1", "hidden.2");
      SafetensorsTensor logits = file.find("logits").orElseThrow();
      assertThat(logits.shape()).containsExactly(16, 96);
      close(file.floats(logits), data(full, "logits"));
      float[] last = file.floats(file.find("hidden.2").orElseThrow());
      List<?> rows = full.list("rows");
      List<?> expected = full.objects("hidden").getLast().list("data");
      for (int r = 0; r < rows.size(); r++) {
        int row = ((Number) rows.get(r)).intValue();
        close(
            Arrays.copyOfRange(last, row * 32, row * 32 + 32),
            expected.subList(r * 32, r * 32 + 32));
      }
    }
  }

  /// Float32 noise of at most 3e-6, in another order of additions.
  private static void close(float[] actual, List<?> expected) {
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i])
          .as("element " + i)
          .isCloseTo(((Number) expected.get(i)).doubleValue(), within(2e-5));
    }
  }

  @Test
  void logitsOfTheLastPositionAreOneRow() {
    Path out = home.resolve("out.safetensors");
    Shell.english(home).run("logits", folder.toString(), "--ids", "5,6,7", "--out", out.toString());
    try (SafetensorsFile file = SafetensorsFile.open(out)) {
      assertThat(file.tensors()).hasSize(1);
      assertThat(file.find("logits").orElseThrow().shape()).containsExactly(1, 96);
    }
  }

  @Test
  void dequantizeWritesTheTensorUnderItsName() {
    Path out = home.resolve("out.safetensors");
    String name = GOLDEN.objects("tensors").getFirst().text("name").orElseThrow();
    Shell shell = Shell.english(home);
    assertThat(shell.run("dequantize", folder.toString(), name, "--out", out.toString()).code())
        .isZero();
    try (SafetensorsFile file = SafetensorsFile.open(out);
        SafetensorsFile source = SafetensorsFile.open(folder)) {
      assertThat(file.floats(file.find(name).orElseThrow()))
          .isEqualTo(source.floats(source.find(name).orElseThrow()));
    }
    Shell.Result absent =
        shell.run("dequantize", folder.toString(), "no.such", "--out", out.toString());
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.err()).contains("no.such").contains("inspect");
  }

  @Test
  void inspectShowsLicenceAndMemory() throws IOException {
    Files.writeString(
        Files.createDirectories(home.resolve("nc")).resolve("README.md"),
        "---\nlicense: cc-by-nc-4.0\n---\n");
    GoldenFolder.write(GOLDEN, home.resolve("nc"));
    Shell.Result result = Shell.english(home).run("inspect", home.resolve("nc").toString());
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("llama").contains("cc-by-nc-4.0").contains("Largest context");
    assertThat(result.err()).contains("cc-by-nc-4.0").contains("commercial");
    assertThat(Shell.korean(home).run("inspect", folder.toString()).out()).contains("매개변수");
  }

  @Test
  void whatDoesNotFitIsSaid() {
    Shell shell = Shell.english(home);
    Shell.Result unknown =
        shell.run(
            "logits", folder.toString(), "--ids", "96", "--out", home.resolve("x").toString());
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("96").contains("vocabulary");
    assertThat(Files.exists(home.resolve("x"))).isFalse();
    Shell.Result none = shell.run("run", folder.toString(), "-p", "text");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("no tokenizer");
    Shell.Result chat = shell.runWith("Hello\n", "chat", folder.toString());
    assertThat(chat.code()).isEqualTo(1);
    assertThat(chat.err()).contains("no tokenizer");
    Shell.Result two = shell.run("run", folder.toString(), "-p", "a", "--prompt-ids", "1");
    assertThat(two.code()).isEqualTo(2);
    Shell.Result number = shell.run("run", folder.toString(), "--prompt-ids", "1,x");
    assertThat(number.code()).isEqualTo(2);
    assertThat(number.err()).contains("--prompt-ids").contains("1,x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --prompt-ids 1 --temp -1",
        "run --prompt-ids 1 --top-p 2",
        "run --prompt-ids 1 --ctx -5",
        "run --prompt-ids 1 --threads -1",
        "chat --min-p 3",
        "logits --ids 1 --out x --threads -1",
        "perplexity MESSAGES --ctx -1",
        "bench -r 0",
        "bench -b 0",
        "synth y --format F32",
        "pull",
        "render --messages MESSAGES --now yesterday"
      })
  void aValueOutOfRangeIsWrongUsage(String line) throws IOException {
    Path messages = Files.writeString(home.resolve("m.json"), "[]");
    Path template = Files.writeString(home.resolve("t.jinja"), "x");
    List<String> args =
        new ArrayList<>(List.of(line.replace("MESSAGES", messages.toString()).split(" ")));
    args.add(1, (line.startsWith("render") ? template : folder).toString());
    Shell.Result result = Shell.english(home).run(args.toArray(String[]::new));
    assertThat(result.err()).contains("Try 'tokapu " + args.getFirst() + " --help'");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aTextThatIsNoneIsNamed() throws IOException {
    Path bytes = Files.write(home.resolve("b.txt"), new byte[] {'a', (byte) 0xff});
    Shell shell = Shell.english(home);
    for (Shell.Result result :
        List.of(
            shell.run("run", folder.toString(), "-f", bytes.toString()),
            shell.run("perplexity", folder.toString(), bytes.toString()))) {
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("b.txt").contains("UTF-8").doesNotContain("fault of ours");
    }
    Shell.Result directory = shell.run("run", folder.toString(), "-f", home.toString());
    assertThat(directory.code()).isEqualTo(1);
    assertThat(directory.err()).doesNotContain("fault of ours");
  }
}
