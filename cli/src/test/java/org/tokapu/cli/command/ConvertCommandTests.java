package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.cli.Shell;
import org.tokapu.model.file.SafetensorsFile;
import org.tokapu.model.file.SafetensorsTensor;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.TestData;

/// `convert` and `quantize` as a user runs them; what they write is tested with the model.
class ConvertCommandTests {
  @TempDir static Path folder;
  @TempDir Path home;

  @BeforeAll
  static void write() throws IOException {
    GoldenFolder.write(TestData.json("golden/llama-mha.json"), folder);
  }

  @Test
  void thereAndBackIsBitEqual() {
    Path gguf = home.resolve("m.gguf");
    Path back = home.resolve("back");
    Shell shell = Shell.english(home);
    Shell.Result there = shell.run("convert", folder.toString(), gguf.toString());
    assertThat(there.code()).isZero();
    assertThat(there.out()).isEmpty();
    assertThat(there.err()).contains(gguf.toString());
    assertThat(shell.run("convert", gguf.toString(), back.toString()).code()).isZero();
    try (SafetensorsFile a = SafetensorsFile.open(folder);
        SafetensorsFile b = SafetensorsFile.open(back)) {
      for (SafetensorsTensor tensor : a.tensors()) {
        assertThat(b.floats(b.find(tensor.name()).orElseThrow())).isEqualTo(a.floats(tensor));
      }
      assertThat(b.tensors()).hasSameSizeAs(a.tensors());
    }
    assertThat(back.resolve("config.json")).exists();
  }

  @Test
  void aConvertedModelGeneratesTheSame() {
    Path gguf = home.resolve("m.gguf");
    Shell shell = Shell.english(home);
    assertThat(shell.run("convert", folder.toString(), gguf.toString()).code()).isZero();
    List<String> outs = new ArrayList<>();
    for (Path model : List.of(folder, gguf)) {
      Shell.Result run =
          shell.run(
              "run", model.toString(), "--prompt-ids", "5,6,7", "-n", "8", "--temp", "0", "--ids");
      assertThat(run.code()).isZero();
      outs.add(run.out());
    }
    assertThat(outs.getLast()).isEqualTo(outs.getFirst()).isNotBlank();
  }

  @Test
  void quantizePrintsTheSizesAndTheModelRuns() {
    Path small = home.resolve("small.gguf");
    Shell shell = Shell.english(home);
    Shell.Result result = shell.run("quantize", folder.toString(), small.toString(), "q8_0");
    assertThat(result.code()).isZero();
    assertThat(result.out()).containsPattern("before .*32.00 bits per weight");
    // 8.5 bits in the matrices, 32 in the norms, 16 in rows that do not fill blocks of 32.
    assertThat(result.out()).containsPattern("after .* [89]\\.\\d\\d bits per weight");
    assertThat(result.err()).isEmpty();
    assertThat(shell.run("inspect", small.toString()).out()).contains("Q8_0");
    assertThat(shell.run("run", small.toString(), "--prompt-ids", "5,6", "-n", "4", "--ids").code())
        .isZero();
    Shell.Result again =
        Shell.korean(home)
            .run("quantize", small.toString(), home.resolve("again.gguf").toString(), "Q4_0");
    assertThat(again.code()).isZero();
    assertThat(again.err()).contains("이미 양자화");
  }

  @Test
  void pureLeavesNoOtherFormatBesideTheOne() {
    Path small = home.resolve("pure.gguf");
    Shell shell = Shell.english(home);
    assertThat(shell.run("quantize", folder.toString(), small.toString(), "Q4_0", "--pure").code())
        .isZero();
    assertThat(shell.run("inspect", small.toString()).out())
        .contains("Q4_0")
        .doesNotContain("Q6_K")
        .doesNotContain("Q8_0");
  }

  @Test
  void whatCannotBeWrittenIsSaidAndNothingIsLeft() {
    Path out = home.resolve("x.gguf");
    Shell shell = Shell.english(home);
    Shell.Result unknown = shell.run("quantize", folder.toString(), out.toString(), "Q9_X");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("Q9_X").contains("Q4_K_M").contains("IQ4_XS");
    Shell.Result matrix =
        shell.run(
            "quantize",
            folder.toString(),
            out.toString(),
            "IQ4_NL",
            "--imatrix",
            folder.resolve("config.json").toString());
    assertThat(matrix.code()).isEqualTo(1);
    assertThat(matrix.err()).contains("config.json");
    assertThat(Files.exists(out)).isFalse();
    Shell.Result itself = shell.run("convert", folder.toString(), folder.toString());
    assertThat(itself.code()).isEqualTo(1);
    assertThat(itself.err()).contains("being read");
  }
}
