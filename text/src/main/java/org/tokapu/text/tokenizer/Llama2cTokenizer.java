package org.tokapu.text.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tokapu.base.FileFailure;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.text.tokenizer.SentencePiece.Kind;
import org.tokapu.text.tokenizer.SentencePieceModel.Algorithm;
import org.tokapu.text.tokenizer.SentencePieceModel.Ids;
import org.tokapu.text.tokenizer.SentencePieceModel.Normalization;

/// Reads the tokenizer files of llama2.c (<https://github.com/karpathy/llama2.c>): `tokenizer.bin`,
/// `tok512.bin`.
///
/// Little-endian: the length of the longest token (int32), then for each token its score (float32),
/// its length in bytes (int32) and its text. The file is an export of a LLaMA SentencePiece model:
/// `▁` has become a space, and `<s>` and `</s>` (ids 1 and 2) stand between line breaks. It says
/// nothing of types; they are those of every LLaMA vocabulary: id 0 unknown, 1 and 2 control,
/// `<0xED>` bytes.
public final class Llama2cTokenizer {
  private Llama2cTokenizer() {}

  /// Opens a file.
  ///
  /// @throws ModelFormatException if it is no such file
  public static SentencePieceTokenizer open(Path file) {
    try {
      return SentencePieceTokenizer.of(parse(Files.readAllBytes(file), file.toString()));
    } catch (IOException e) {
      throw new TokapuException("cannot read " + file + ": " + FileFailure.reason(e), e);
    }
  }

  /// Reads the contents of a file.
  ///
  /// @param source the file, for messages
  /// @throws ModelFormatException if it is no such file
  public static SentencePieceModel parse(byte[] bytes, String source) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<SentencePiece> pieces = new ArrayList<>();
    int longest = in.remaining() < 4 ? -1 : in.getInt();
    if (longest <= 0) {
      throw new ModelFormatException(
          source, "max_token_length", "is " + longest + ": not a llama2.c tokenizer");
    }
    while (in.hasRemaining()) {
      pieces.add(piece(in, pieces.size(), longest, source));
    }
    if (pieces.size() < 3) {
      throw new ModelFormatException(source, "tokens", "are only " + pieces.size());
    }
    long byteCount = pieces.stream().filter(p -> p.kind() == Kind.BYTE).count();
    SentencePieceModel model =
        new SentencePieceModel(
            Algorithm.BPE,
            pieces,
            byteCount == 256,
            new Ids(0, 1, 2, -1),
            SentencePieceModel.DEFAULT_UNKNOWN_SURFACE,
            Normalization.identity(true),
            null);
    model.check(source);
    return model;
  }

  private static SentencePiece piece(ByteBuffer in, int id, int longest, String source) {
    String field = "token " + id;
    if (in.remaining() < 8) {
      throw new ModelFormatException(source, field, "is cut off: the file is truncated");
    }
    float score = in.getFloat();
    int length = in.getInt();
    if (length < 0 || length > longest || length > in.remaining()) {
      throw new ModelFormatException(
          source,
          field,
          "claims "
              + length
              + " bytes; the longest is "
              + longest
              + ", "
              + in.remaining()
              + " remain");
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return switch (id) {
        case 0 -> new SentencePiece(text, score, Kind.UNKNOWN);
        case 1, 2 -> new SentencePiece(text.strip(), score, Kind.CONTROL);
        default ->
            SentencePiece.byteOf(text) >= 0
                ? new SentencePiece(text, score, Kind.BYTE)
                : new SentencePiece(text.replace(' ', '\u2581'), score, Kind.NORMAL);
      };
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(source, field, "is not valid UTF-8", e);
    }
  }
}
