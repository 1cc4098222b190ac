package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.cli.Shell;
import org.tokapu.testkit.TestData;

/// `tokenize` on every kind of bare tokenizer file. Ids of "Hello world" are those of the libraries
/// that the tokenizers come from.
class TokenizeCommandTests {
  private static final String TEXT = "Hello world";

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "gpt2/tokenizer.json, , 15496 995",
    "llama2/tokenizer.model, 1, 15043 3186",
    "llama2/tokenizer.bin, 1, 15043 3186",
    "cl100k_base/cl100k_base.tiktoken, , 9906 1917",
    "gguf/ggml-vocab-gpt-2.gguf, , 15496 995",
    "gguf/ggml-vocab-llama-spm.gguf, 1, 15043 3186",
    "gguf/ggml-vocab-bert-bge.gguf, 101, 7592 2088"
  })
  void bareFilesTokenize(String name, String begin, String ids) {
    Optional<Path> file = TestData.find("tokenizers/" + name);
    assumeTrue(file.isPresent(), "SKIPPED: no reference tokenizers");
    String path = file.get().toString();
    Shell shell = Shell.english(home);
    assertThat(shell.run("tokenize", path, "--ids", "--no-special", TEXT).out().strip())
        .isEqualTo(ids);
    String all = shell.run("tokenize", path, "--ids", TEXT).out().strip();
    assertThat(all).startsWith((begin == null ? "" : begin + " ") + ids);
    assertThat(shell.runWith(TEXT, "tokenize", path, "--ids", "-").out().strip()).isEqualTo(all);

    JsonObject json =
        JsonObject.of(Json.parse(shell.run("tokenize", path, "--json", TEXT).out(), ""), "", "");
    List<String> listed = json.list("ids").stream().map(String::valueOf).toList();
    assertThat(String.join(" ", listed)).isEqualTo(all);
    assertThat(json.list("pieces")).hasSameSizeAs(listed);
    assertThat(((Number) json.list("ends").getLast()).intValue()).isEqualTo(TEXT.length());

    assertThat(shell.run("tokenize", path, "--decode", ids.replace(' ', ',')).out().strip())
        .isEqualToIgnoringCase(TEXT); // bert's is uncased
  }

  @Test
  void specialStringsInTheTextArePlain() {
    Optional<Path> file = TestData.find("tokenizers/gpt2/tokenizer.json");
    assumeTrue(file.isPresent(), "SKIPPED: no reference tokenizers");
    String path = file.get().toString();
    Shell.Result ids = Shell.english(home).run("tokenize", path, "--ids", "<|endoftext|>");
    assertThat(ids.out().split(" ")).doesNotContain("50256").hasSizeGreaterThan(1);
    Shell.Result outside = Shell.english(home).run("tokenize", path, "--decode", "50257");
    assertThat(outside.code()).isEqualTo(1);
    assertThat(outside.err()).contains("50257");
  }
}
