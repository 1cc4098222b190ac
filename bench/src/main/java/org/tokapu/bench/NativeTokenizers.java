package org.tokapu.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;

/// A running `scripts/tokenizer_peers.py`: the Python packages sentencepiece, tokenizers and
/// tiktoken. Not thread-safe.
final class NativeTokenizers implements AutoCloseable {
  private final Process process;
  private final Writer requests;
  private final BufferedReader answers;

  /// Starts the script.
  ///
  /// @param python an interpreter that has the packages
  NativeTokenizers(Path python, Path script) throws IOException {
    process =
        new ProcessBuilder(python.toString(), script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    requests = process.outputWriter(StandardCharsets.UTF_8);
    answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Measures one tokenizer on some texts.
  TokenizerSpeed measure(String kind, Path tokenizer, TokenizerTexts texts, double seconds)
      throws IOException {
    requests.write(
        Json.write(
                Map.of(
                    "kind",
                    kind,
                    "file",
                    tokenizer.toString(),
                    "texts",
                    texts.file().toString(),
                    "seconds",
                    seconds))
            + "\n");
    requests.flush();
    String line = answers.readLine();
    if (line == null) {
      throw new TokapuException("the Python script ended; see its message above");
    }
    JsonObject answer = JsonObject.of(Json.parse(line, "tokenizer_peers.py"), "answer", "");
    answer
        .text("missing")
        .ifPresent(name -> {
          throw new TokapuException("the Python package " + name + " is missing");
        });
    return new TokenizerSpeed(
        answer.number("passes").orElseThrow()
            * texts.bytes()
            / answer.number("seconds").orElseThrow(),
        answer.number("crc").orElseThrow().longValue());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
