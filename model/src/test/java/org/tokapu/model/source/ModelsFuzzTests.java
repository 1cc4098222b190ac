package org.tokapu.model.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.tokapu.base.TokapuException;
import org.tokapu.testkit.Allocations;
import org.tokapu.text.SpecialScope;

/// Any bytes as a whole model: sizes, tokenizer, template and the shapes of its weights are
/// understood, or refused with an error.
class ModelsFuzzTests {
  /// Rotary tables and decoded vectors of the small models that get through need less.
  private static final long MOST_BYTES = 64L << 20;

  /// The files of the folder input, in the order in which the input holds them.
  private static final List<String> FILES =
      List.of(
          "model.safetensors",
          "config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "model.safetensors.index.json");

  private static final byte[] BORDER = "\n====\n".getBytes(StandardCharsets.US_ASCII);

  private static Path folder;
  private static Path file;

  @BeforeAll
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("fuzz");
    file = folder.resolve("input.gguf");
  }

  @AfterAll
  static void removeFolder() throws IOException {
    for (String name : FILES) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.deleteIfExists(file);
    Files.deleteIfExists(folder);
  }

  @FuzzTest
  void gguf(byte[] data) throws IOException {
    Files.write(file, data);
    opensOrRefuses(file);
  }

  /// The input holds the files one after another, a line `====` between; what is empty is absent.
  @FuzzTest
  void folder(byte[] data) throws IOException {
    int start = 0;
    for (String name : FILES) {
      int end = border(data, start);
      if (end > start) {
        Files.write(folder.resolve(name), Arrays.copyOfRange(data, start, end));
      } else {
        Files.deleteIfExists(folder.resolve(name));
      }
      start = Math.min(data.length, end + BORDER.length);
    }
    opensOrRefuses(folder);
  }

  private static int border(byte[] data, int start) {
    for (int at = start; at + BORDER.length <= data.length; at++) {
      if (Arrays.mismatch(data, at, at + BORDER.length, BORDER, 0, BORDER.length) < 0) {
        return at;
      }
    }
    return data.length;
  }

  private static void opensOrRefuses(Path path) {
    Allocations.assertLessThan(
        MOST_BYTES,
        () -> {
          try {
            open(path);
          } catch (TokapuException e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        });
  }

  private static void open(Path path) {
    try (ModelSource source = ModelSources.open(path)) {
      source.licence();
      source.chatTemplate();
      source
          .tokenizer()
          .ifPresent(tokenizer -> {
            int[] ids = tokenizer.encodePrompt("The dog's 12 한글<s>\n", SpecialScope.ALL);
            tokenizer.decode(ids);
          });
      try (Arena arena = Arena.ofConfined()) {
        assertThat(source.load(arena, 8).shape().vocabulary()).isPositive();
      }
    }
  }
}
