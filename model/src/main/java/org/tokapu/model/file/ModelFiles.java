package org.tokapu.model.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tokapu.base.FileFailure;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;

/// Tells model files apart by their bytes, never by their names.
public final class ModelFiles {
  private static final int HEAD = 1 << 16;
  private static final Pattern TIKTOKEN_LINE = Pattern.compile("[A-Za-z0-9+/]+={0,2} \\d+");

  /// What files begin with that people take for models, and what to do with them.
  private static final Map<String, String> FOREIGN =
      Map.of(
          "PK\u0003\u0004",
              "is a zip archive, perhaps a PyTorch checkpoint; save it as safetensors",
          "\u0080\u0002",
              "is a Python pickle, perhaps a PyTorch checkpoint; save it as safetensors",
          "lmgg", "is a GGML file, older than GGUF; convert the model anew",
          "fmgg", "is a GGMF file, older than GGUF; convert the model anew",
          "tjgg", "is a GGJT file, older than GGUF; convert the model anew",
          "algg", "is a GGLA file (an adapter older than GGUF); convert it anew",
          "\u0089HDF", "is an HDF5 file; save the model as safetensors",
          "<", "is a web page, not a model; the download needs a login or another address",
          "version https://git-lfs", "is a Git LFS pointer, not the file itself; run git lfs pull");

  private ModelFiles() {}

  /// Returns what is at `path`.
  ///
  /// @throws TokapuException if there is nothing, or it cannot be read
  public static ModelKind kind(Path path) {
    if (Files.isDirectory(path)) {
      return folderKind(path);
    }
    try (Arena arena = Arena.ofConfined()) {
      return fileKind(MappedFile.map(path, arena));
    }
  }

  /// Returns an error that says what `path`, whose [#kind] is [ModelKind#UNKNOWN], seems to be and
  /// what was expected.
  public static ModelFormatException unknown(Path path) {
    String problem = "is no model";
    if (Files.isDirectory(path)) {
      problem =
          list(path).stream().anyMatch(name -> name.endsWith(".gguf"))
              ? "is a folder with GGUF files; name the file"
              : "is a folder without safetensors files";
    } else {
      try (Arena arena = Arena.ofConfined()) {
        String head = head(MappedFile.map(path, arena), 64);
        problem = head.isEmpty() ? "is empty" : problem;
        for (Map.Entry<String, String> foreign : FOREIGN.entrySet()) {
          problem = head.startsWith(foreign.getKey()) ? foreign.getValue() : problem;
        }
      }
    }
    return new ModelFormatException(
        path.toString(),
        "kind",
        problem
            + ". A GGUF file, a folder with safetensors files and config.json, or a llama2.c .bin"
            + " is expected");
  }

  private static ModelKind folderKind(Path folder) {
    List<String> names = list(folder);
    if (names.stream()
        .anyMatch(n -> n.endsWith(".safetensors") || n.endsWith(SafetensorsIndex.SUFFIX))) {
      return ModelKind.SAFETENSORS_FOLDER;
    }
    HfFolder files = new HfFolder(folder);
    return files.tokenizerJson().or(files::tokenizerModel).isPresent()
        ? ModelKind.TOKENIZER_FOLDER
        : ModelKind.UNKNOWN;
  }

  private static List<String> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new TokapuException("cannot list " + folder + ": " + FileFailure.reason(e), e);
    }
  }

  private static ModelKind fileKind(MemorySegment data) {
    if (data.byteSize() >= 4 && data.get(ByteCursor.INT, 0) == GgufParser.MAGIC) {
      return ModelKind.GGUF;
    }
    if (isSafetensors(data)) {
      return ModelKind.SAFETENSORS;
    }
    if (Llama2cFile.matches(data)) {
      return ModelKind.LLAMA2C;
    }
    String head = head(data, HEAD);
    if (head.stripLeading().startsWith("{")) {
      return head.contains("\"truncation\"") || head.contains("\"added_tokens\"")
          ? ModelKind.TOKENIZER_JSON
          : ModelKind.UNKNOWN;
    }
    if (isSentencePiece(data)) {
      return ModelKind.SENTENCEPIECE;
    }
    if (TIKTOKEN_LINE.matcher(head.lines().findFirst().orElse("")).matches()) {
      return ModelKind.TIKTOKEN;
    }
    return isLlama2cTokenizer(data) ? ModelKind.LLAMA2C_TOKENIZER : ModelKind.UNKNOWN;
  }

  /// A plausible length and a JSON object, maybe cut off: the reader then says so.
  private static boolean isSafetensors(MemorySegment data) {
    if (data.byteSize() < 10) {
      return false;
    }
    long header = data.get(ByteCursor.LONG, 0);
    return header >= 2
        && header <= SafetensorsParser.MAX_HEADER
        && data.get(ValueLayout.JAVA_BYTE, 8) == '{';
  }

  /// A protobuf whose first field is a piece: a string, a float32 score and a kind that may be
  /// absent.
  private static boolean isSentencePiece(MemorySegment data) {
    if (data.byteSize() < 16 || at(data, 0) != 0x0A || at(data, 2) != 0x0A) {
      return false;
    }
    int message = at(data, 1);
    int text = at(data, 3);
    if (message > 127 || text + 2 > message || 4 + text >= data.byteSize()) {
      return false;
    }
    int next = at(data, 4 + text); // the score, the kind of piece, or the next piece
    return text + 2 == message ? next == 0x0A : next == 0x15 || next == 0x18;
  }

  /// The longest length (i32), then for each token score (f32), length (i32) and bytes.
  private static boolean isLlama2cTokenizer(MemorySegment data) {
    if (data.byteSize() < 13 || data.byteSize() > 64 << 20) {
      return false;
    }
    int longest = data.get(ByteCursor.INT, 0);
    long at = 4;
    while (at + 8 <= data.byteSize()) {
      int length = data.get(ByteCursor.INT, at + 4);
      if (length < 0 || length > longest) {
        return false;
      }
      at += 8 + length;
    }
    return at == data.byteSize();
  }

  private static int at(MemorySegment data, long offset) {
    return data.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }

  private static String head(MemorySegment data, int most) {
    long bytes = Math.min(most, data.byteSize());
    return new String(
        data.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }
}
