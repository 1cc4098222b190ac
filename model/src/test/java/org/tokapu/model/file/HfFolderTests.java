package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.ModelFormatException;

/// Side files that are there, absent, or broken.
class HfFolderTests {
  @TempDir Path path;

  @Test
  void absentFilesAreEmpty() {
    HfFolder folder = HfFolder.open(path);
    assertThat(folder.config()).isEmpty();
    assertThat(folder.generationConfig()).isEmpty();
    assertThat(folder.tokenizerJson()).isEmpty();
    assertThat(folder.tokenizerModel()).isEmpty();
    assertThat(folder.specialTokensMap()).isEmpty();
    assertThat(folder.chatTemplate()).isEmpty();
    assertThat(folder.chatTemplates()).isEmpty();
    assertThatThrownBy(() -> HfFolder.open(path.resolve("x"))).hasMessageContaining("config.json");
  }

  @Test
  void filesAreRead() {
    write("config.json", "{\"hidden_size\": 64}");
    write("spiece.model", "x");
    HfFolder folder = HfFolder.open(path);
    assertThat(folder.config().orElseThrow().integer("hidden_size")).contains(64);
    assertThat(folder.tokenizerModel()).contains(path.resolve("spiece.model"));
    write("config.json", "{\"hidden_size\": ");
    assertThatThrownBy(folder::config)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void templatesComeFromAllTheirPlaces() throws IOException {
    HfFolder folder = HfFolder.open(path);
    write("tokenizer_config.json", "{\"chat_template\": \"one\"}");
    assertThat(folder.chatTemplate()).contains("one");
    write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"default\", \"template\": \"d\"},"
            + " {\"name\": \"tool_use\", \"template\": \"t\"}]}");
    assertThat(folder.chatTemplates()).containsEntry("default", "d").containsEntry("tool_use", "t");
    write("chat_template.jinja", "file 가");
    Files.createDirectory(path.resolve("additional_chat_templates"));
    write("additional_chat_templates/rag.jinja", "r");
    assertThat(folder.chatTemplates())
        .containsEntry("default", "file 가")
        .containsEntry("tool_use", "t")
        .containsEntry("rag", "r");
    Files.write(path.resolve("chat_template.jinja"), new byte[] {(byte) 0xFF});
    assertThatThrownBy(folder::chatTemplates).hasMessageContaining("UTF-8");
    Files.delete(path.resolve("chat_template.jinja"));
    write("tokenizer_config.json", "{\"chat_template\": 7}");
    assertThatThrownBy(folder::chatTemplates).hasMessageContaining("chat_template");
    write("tokenizer_config.json", "{\"chat_template\": [{\"name\": \"default\"}]}");
    assertThatThrownBy(folder::chatTemplates).hasMessageContaining("chat_template[0].template");
  }

  private void write(String name, String text) {
    Golden.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
