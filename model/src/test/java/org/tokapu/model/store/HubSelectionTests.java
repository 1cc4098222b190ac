package org.tokapu.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.TokapuException;

/// Which files a reference means, in listings like those of real repositories.
class HubSelectionTests {
  private static final String QUANTS =
      "README.md m.Q2_K.gguf m.Q4_K_M.gguf m.Q4_K_S.gguf m.Q5_K_M.gguf mmproj-m.gguf";
  private static final String SPLIT =
      "big-Q8_0/m-Q8_0-00001-of-00002.gguf big-Q8_0/m-Q8_0-00002-of-00002.gguf m-Q4_K_M.gguf";
  private static final String HF =
      "README.md config.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors"
          + " model.safetensors.index.json pytorch_model.bin tokenizer.json tokenizer_config.json"
          + " onnx/model.onnx original/x.safetensors consolidated.safetensors vocab.json flax.msgpack";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          only.gguf README.md | | only.gguf
          m-00001-of-00002.gguf m-00002-of-00002.gguf | | m-00001-of-00002.gguf m-00002-of-00002.gguf
          m.safetensors m.gguf | | m.gguf
          m.gguf mmproj-x.gguf | | m.gguf
          m.gguf config.json | config.json | config.json
          adapter.safetensors config.json | | adapter.safetensors config.json
          """)
  void smallRepositories(String listed, String wanted, String chosen) {
    assertThat(choose(listed, wanted)).containsExactly(chosen.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    ", m.Q4_K_M.gguf",
    "Q5_K_M, m.Q5_K_M.gguf",
    "q2_k, m.Q2_K.gguf",
    "m.Q4_K_S.gguf, m.Q4_K_S.gguf",
    "mmproj-m.gguf, mmproj-m.gguf"
  })
  void quantsAreChosenByName(String wanted, String chosen) {
    assertThat(choose(QUANTS, wanted)).containsExactly(chosen);
  }

  @Test
  void partsStayTogether() {
    String[] parts = {"big-Q8_0/m-Q8_0-00001-of-00002.gguf", "big-Q8_0/m-Q8_0-00002-of-00002.gguf"};
    assertThat(choose(SPLIT, "Q8_0")).containsExactly(parts);
    assertThat(choose(SPLIT, parts[1])).containsExactly(parts);
    assertThat(choose(SPLIT, null)).containsExactly("m-Q4_K_M.gguf");
  }

  @Test
  void safetensorsWithoutTheirDoubles() {
    assertThat(choose(HF, null))
        .containsExactlyInAnyOrder(
            "README.md",
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.json")
        .first()
        .isEqualTo("model-00001-of-00002.safetensors");
  }

  @Test
  void doubtIsAskedBack() {
    assertThatThrownBy(() -> choose("a.Q8_0.gguf b.Q6_K.gguf", null))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("several models")
        .hasMessageContaining("a.Q8_0.gguf (1 B)");
    assertThatThrownBy(() -> choose(QUANTS, "Q9")).hasMessageContaining("no file Q9");
    assertThatThrownBy(() -> choose("pytorch_model.bin config.json", null))
        .hasMessageContaining("neither GGUF nor safetensors");
  }

  private static List<String> choose(String listed, String wanted) {
    List<HubFile> files =
        Arrays.stream(listed.split(" "))
            .map(path -> new HubFile(path, 1, Optional.empty(), Optional.empty()))
            .toList();
    HubRepository repository = new HubRepository("org/repo", "main", Optional.empty(), files);
    return HubSelection.choose(repository, Optional.ofNullable(wanted)).stream()
        .map(HubFile::path)
        .toList();
  }

  @Test
  void referencesAreRead() {
    assertThat(HubReference.parse("hf:org/repo"))
        .isEqualTo(new HubReference("org", "repo", Optional.empty(), "main"));
    assertThat(HubReference.parse("hf:Org-1/re.po_2:dir/m.Q4_K_M.gguf@refs/pr/1"))
        .isEqualTo(
            new HubReference("Org-1", "re.po_2", Optional.of("dir/m.Q4_K_M.gguf"), "refs/pr/1"));
    assertThat(HubReference.parse("hf:o/r@v1.0").revision()).isEqualTo("v1.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/repo",
        "hf:repo",
        "hf:../repo",
        "hf:org/..",
        "hf:a/b/c",
        "hf:org/repo:",
        "hf:org/repo:../x",
        "hf:org/repo:/x",
        "hf:org/repo@",
        "hf:org/repo@a..b",
        "hf:org/repo?x=1",
        "hf:org/re po",
        "hf:.a/b"
      })
  void otherReferencesAreRefused(String text) {
    assertThatThrownBy(() -> HubReference.parse(text)).isInstanceOf(TokapuException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "apache-2.0, FREE",
    "MIT, FREE",
    "cc-by-4.0, FREE",
    "cc-by-nc-sa-4.0, NON_COMMERCIAL",
    "cc-by-sa-3.0, SHARE_ALIKE",
    "agpl-3.0, SHARE_ALIKE",
    "llama2, CONDITIONS",
    "llama3.1, CONDITIONS",
    "gemma, CONDITIONS",
    "hyperclovax-seed, CONDITIONS",
    "exaone, NON_COMMERCIAL",
    "Some-Non-Commercial-1, NON_COMMERCIAL",
    "qwen-research, NON_COMMERCIAL",
    "other, UNKNOWN"
  })
  void licencesAreKnown(String name, Licence.Terms terms) {
    assertThat(Licence.of(name).terms()).isEqualTo(terms);
  }
}
