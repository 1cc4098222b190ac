package org.tokapu.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokapu.base.TokapuException;
import org.tokapu.testkit.TestData;

/// Files told apart by their bytes.
class ModelFilesTests {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "tiny.gguf, GGUF",
    "tiny.safetensors, SAFETENSORS",
    "llama2c-legacy-untied.bin, LLAMA2C",
    "llama2c-v1-tied.bin, LLAMA2C",
    "README.md, UNKNOWN"
  })
  void goldenFiles(String name, ModelKind kind) {
    Path unnamed = Golden.write(folder.resolve("file"), Golden.bytes(name));
    assertThat(ModelFiles.kind(unnamed)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "models/stories260K/stories260K.bin, LLAMA2C",
    "models/stories260K/tok512.bin, LLAMA2C_TOKENIZER",
    "models/stories260K/stories260K-Q6_K.gguf, GGUF",
    "models/stories260K, SAFETENSORS_FOLDER",
    "models/stories260K/config.json, UNKNOWN",
    "fixtures/gpt2, SAFETENSORS_FOLDER",
    "fixtures/gpt2/model.safetensors, SAFETENSORS",
    "tokenizers/gguf/ggml-vocab-phi-3.gguf, GGUF",
    "tokenizers/gpt2/tokenizer.json, TOKENIZER_JSON",
    "tokenizers/smollm2/tokenizer.json, TOKENIZER_JSON",
    "tokenizers/wordpiece/tokenizer.json, TOKENIZER_JSON",
    "tokenizers/wordpiece, TOKENIZER_FOLDER",
    "tokenizers/llama2, TOKENIZER_FOLDER",
    "tokenizers/llama2/tokenizer.model, SENTENCEPIECE",
    "tokenizers/llama2/tokenizer.bin, LLAMA2C_TOKENIZER",
    "tokenizers/mistral-v1/tokenizer.model, SENTENCEPIECE",
    "tokenizers/mistral-v3/tokenizer.model, SENTENCEPIECE",
    "tokenizers/seqio-t5/spiece.model, SENTENCEPIECE",
    "tokenizers/spm-ja/spiece.model, SENTENCEPIECE",
    "tokenizers/cl100k_base/cl100k_base.tiktoken, TIKTOKEN",
    "tokenizers/o200k_base/o200k_base.tiktoken, TIKTOKEN",
    "tokenizers/gpt2/vectors.json, UNKNOWN",
    "golden/tokenizer-bpe/tokenizer.model, SENTENCEPIECE",
    "golden/tokenizer-unigram/tokenizer.model, SENTENCEPIECE",
    "text, UNKNOWN",
    "instruct/ko-chatbot.csv, UNKNOWN"
  })
  void referenceFiles(String name, ModelKind kind) {
    Optional<Path> path = TestData.find(name);
    assumeTrue(path.isPresent(), "SKIPPED: the reference set is absent");
    assertThat(ModelFiles.kind(path.get())).isEqualTo(kind);
  }

  @Test
  void whatIsNoModelIsNamed() {
    assertUnknown("", "is empty");
    assertUnknown("PK\u0003\u0004xxxx", "zip archive");
    assertUnknown("tjgg\u0001\u0000\u0000\u0000", "GGJT");
    assertUnknown("<!DOCTYPE html>", "web page");
    assertUnknown("version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer");
    assertUnknown("hello", "A GGUF file");
    assertThat(ModelFiles.kind(folder)).isEqualTo(ModelKind.UNKNOWN);
    assertThat(ModelFiles.unknown(folder)).hasMessageContaining("without safetensors");
    Golden.copy("tiny.gguf", folder);
    assertThat(ModelFiles.unknown(folder)).hasMessageContaining("name the file");
    assertThatThrownBy(() -> ModelFiles.kind(folder.resolve("absent")))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("absent");
  }

  private void assertUnknown(String text, String message) {
    Path file = Golden.write(folder.resolve("file"), text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(ModelFiles.kind(file)).isEqualTo(ModelKind.UNKNOWN);
    assertThat(ModelFiles.unknown(file)).hasMessageContaining(message);
  }
}
