package org.tokapu.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.TokapuException;

/// A store with downloaded models and with what users put there.
class ModelStoreTests {
  @TempDir Path home;
  private ModelStore store;

  @BeforeEach
  void fill() throws IOException {
    store = new ModelStore(home.resolve("models"));
    put("a/one/m.Q4_K_M.gguf", 10);
    put("a/two/x.Q4_K_M.gguf", 10);
    put("a/two/x.Q8_0.gguf", 20);
    put("b/one/model.safetensors", 30);
    put("b/one/config.json", 5);
    put("b/split/m-00001-of-00002.gguf", 7);
    put("b/split/m-00002-of-00002.gguf", 8);
    put("mine.gguf", 1);
    put("notes.bin", 300);
    put("a/one/unfinished.gguf.part", 99);
    new ModelOrigin("a/one", "c", Optional.of(Licence.of("llama2")), Map.of())
        .write(home.resolve("models/a/one"));
  }

  @Test
  void modelsAreListedByName() {
    assertThat(store.models())
        .extracting(StoredModel::name)
        .containsExactlyInAnyOrder(
            "a/one", "a/two/x.Q4_K_M", "a/two/x.Q8_0", "b/one", "b/split", "mine");
    assertThat(store.bytes()).isEqualTo(10 + 30 + 35 + 15 + 1);
    assertThat(new ModelStore(home.resolve("absent")).models()).isEmpty();
  }

  @Test
  void modelsAreFoundByTheirNames() {
    assertPath("a/one", "a/one/m.Q4_K_M.gguf");
    assertPath("A/One", "a/one/m.Q4_K_M.gguf");
    assertPath("hf:a/one", "a/one/m.Q4_K_M.gguf");
    assertPath("x.Q8_0", "a/two/x.Q8_0.gguf");
    assertPath("a/two/x.Q8_0.gguf", "a/two/x.Q8_0.gguf");
    assertPath("split", "b/split/m-00001-of-00002.gguf");
    assertPath("b/one", "b/one");
    assertPath("mine", "mine.gguf");
    assertThat(store.find("../models/mine")).isEmpty();
    assertThat(store.find("absent")).isEmpty();
    assertThatThrownBy(() -> store.find("one"))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("a/one or b/one");
    assertThat(
            store.find("a/one").orElseThrow().origin().orElseThrow().licence().orElseThrow().id())
        .isEqualTo("llama2");
  }

  private void assertPath(String name, String path) {
    assertThat(store.find(name).orElseThrow().path()).isEqualTo(home.resolve("models/" + path));
  }

  @Test
  void removingTakesAllFilesAndNoOthers() {
    assertThat(store.remove("split")).isEqualTo(15);
    assertThat(home.resolve("models/b/split")).doesNotExist();
    assertThat(store.remove("x.Q8_0")).isEqualTo(20);
    assertThat(store.find("a/two")).isPresent();
    assertThat(store.remove("b/one")).isEqualTo(35);
    assertThat(home.resolve("models/b")).doesNotExist();
    assertThat(store.remove("mine")).isEqualTo(1);
    assertThat(home.resolve("models/notes.bin")).exists();
    store.remove("a/one");
    assertThat(home.resolve("models/a/one/unfinished.gguf.part")).exists();
    assertThatThrownBy(() -> store.remove("mine")).hasMessageContaining("no model mine");
  }

  @Test
  void theRootFollowsTheEnvironment() {
    assertThat(ModelStore.of(name -> home.toString()).root()).isEqualTo(home.resolve("models"));
    assertThat(ModelStore.of(name -> null).root())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".tokapu", "models"));
  }

  private void put(String path, int bytes) throws IOException {
    Path file = home.resolve("models").resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
  }
}
