package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokapu.cli.Shell;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.TestData;

/// Files that are not what a command needs: one line that names the file, the cause and the remedy.
class BadInputTests {
  @TempDir static Path folder;
  @TempDir Path home;

  @BeforeAll
  static void write() throws IOException {
    Path model = GoldenFolder.write(TestData.json("golden/llama-mha.json"), folder.resolve("m"));
    Files.write(folder.resolve("bad.txt"), new byte[] {'a', 'b', (byte) 0xff, 'c'});
    Files.createFile(folder.resolve("empty"));
    Files.writeString(
        folder.resolve("t.jinja"), "{% for m in messages %}{{ m.content }}{% endfor %}");
    Files.createDirectory(folder.resolve("d"));
    byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
    Path cut = Files.createDirectory(folder.resolve("cut"));
    Files.copy(model.resolve("config.json"), cut.resolve("config.json"));
    Files.write(cut.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 4));
    Files.write(folder.resolve("head.safetensors"), Arrays.copyOf(weights, 100));
  }

  @ParameterizedTest
  @CsvSource({
    "run m -f bad.txt, bad.txt: byte 2: is not UTF-8",
    "run m -f d, d is a folder; name a file",
    "run m -f absent, there is no file",
    "run empty -p x, empty: kind: is empty",
    "run d -p x, is a folder without safetensors files",
    "run absent -p x, absent",
    "perplexity m bad.txt, bad.txt: byte 2: is not UTF-8",
    "perplexity m d, d is a folder; name a file",
    "render t.jinja --messages bad.txt, bad.txt: JSON",
    "render t.jinja --messages d, d is a folder; name a file",
    "quantize m out.gguf Q4_0 --imatrix absent, there is no file",
    "quantize m out.gguf Q4_0 --imatrix d, d",
    "quantize m out.gguf Q4_0 --imatrix empty, empty: number of entries",
    "quantize m d Q4_0, d: it is a folder; name a file",
    "convert cut out.gguf, model.safetensors",
    "inspect head.safetensors, header length",
    "logits m --ids 1 --out d, d: it is a folder; name a file",
    "logits m --ids 1 --out empty/x, empty",
  })
  void theMessageNamesFileAndCause(String line, String message) {
    String[] args =
        Arrays.stream(line.split(" "))
            .map(word -> isName(word) ? folder.resolve(word).toString() : word)
            .toArray(String[]::new);
    args[0] = line.substring(0, line.indexOf(' '));
    Shell.Result result = Shell.english(home).run(args);
    assertThat(result.err()).contains(message).doesNotContain("fault of ours").hasLineCount(1);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(folder.resolve("out.gguf")).doesNotExist();
  }

  /// The files of this test, told from options and numbers.
  private static boolean isName(String word) {
    return word.equals("absent")
        || word.equals("out.gguf")
        || word.equals("empty/x")
        || Files.exists(folder.resolve(word));
  }

  @Test
  void brokenTextOnStandardInputIsNamed() throws IOException {
    Path tokenizer =
        Files.writeString(
            folder.resolve("tokenizer.json"),
            "{\"added_tokens\":[],\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"a\",\"vocab\":{\"a\":0}}}");
    Shell.Result result =
        Shell.english(home)
            .runBytes(
                new byte[] {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80},
                "tokenize",
                tokenizer.toString(),
                "-",
                "--ids");
    assertThat(result.err()).contains("standard input: byte 1: is not UTF-8");
    assertThat(result.code()).isEqualTo(1);
  }
}
