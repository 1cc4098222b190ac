package org.tokapu.text.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.FileFailure;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;

/// A SentencePiece model as data: the vocabulary and the rules around it.
///
/// It comes from a `tokenizer.model` (or `spiece.model`), or is built from plain vocabulary data
/// that other files carry (GGUF, llama2.c, tokenizer.json). Immutable.
///
/// The file is one protocol buffer, `ModelProto` of `sentencepiece_model.proto`
/// (<https://github.com/google/sentencepiece>): 1 pieces (1 text, 2 score as float, 3 type), 2
/// trainer spec, 3 normalizer spec, 5 denormalizer spec; the fields that matter are the components
/// of the records here.
///
/// @param algorithm how a text is cut into pieces
/// @param pieces the vocabulary by id
/// @param byteFallback whether text without a piece becomes byte pieces (else the unknown piece)
/// @param ids the special ids
/// @param unknownSurface what the unknown piece decodes to
/// @param normalizer what happens to a text first
/// @param denormalizer what happens to a decoded text last
public record SentencePieceModel(
    Algorithm algorithm,
    List<SentencePiece> pieces,
    boolean byteFallback,
    Ids ids,
    String unknownSurface,
    Normalization normalizer,
    @Nullable Normalization denormalizer) {
  /// What the unknown piece decodes to unless the model says otherwise.
  public static final String DEFAULT_UNKNOWN_SURFACE = " \u2047 ";

  /// How a text is cut into pieces; the numbers are those of the file.
  public enum Algorithm {
    /// The most probable segmentation (Kudo 2018, <https://arxiv.org/abs/1804.10959>).
    UNIGRAM(1),
    /// Merging the best pair again and again (Sennrich 2016, <https://arxiv.org/abs/1508.07909>).
    BPE(2),
    /// Whole words.
    WORD(3),
    /// Single characters.
    CHAR(4);

    private final int number;

    Algorithm(int number) {
      this.number = number;
    }

    /// Returns the number that files use.
    public int number() {
      return number;
    }
  }

  /// The special ids; -1 where there is none.
  public record Ids(int unknown, int bos, int eos, int pad) {}

  /// What happens to a text before it is cut.
  ///
  /// @param name name of the rules, `nmt_nfkc` or `identity` for instance; only a label
  /// @param charsMap the compiled rules ([CharsMap]); empty for none
  /// @param addDummyPrefix whether a space is put in front (behind, if `spaceAsSuffix`)
  /// @param removeExtraWhitespaces whether spaces are trimmed and runs of them become one
  /// @param escapeWhitespaces whether a space is spelled `▁` in the pieces
  /// @param spaceAsSuffix whether pieces carry their space behind (`treat_whitespace_as_suffix`)
  public record Normalization(
      String name,
      byte[] charsMap,
      boolean addDummyPrefix,
      boolean removeExtraWhitespaces,
      boolean escapeWhitespaces,
      boolean spaceAsSuffix) {
    /// Text as it is, behind a dummy prefix or not, spaces spelled `▁`: LLaMA, Mistral, Gemma.
    public static Normalization identity(boolean addDummyPrefix) {
      return new Normalization("identity", new byte[0], addDummyPrefix, false, true, false);
    }
  }

  /// Copies the list.
  public SentencePieceModel {
    pieces = List.copyOf(pieces);
  }

  /// Reads a `tokenizer.model` file.
  ///
  /// @throws ModelFormatException if it is not a usable SentencePiece model
  public static SentencePieceModel open(Path file) {
    try {
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new TokapuException("cannot read " + file + ": " + FileFailure.reason(e), e);
    }
  }

  /// Reads the contents of a `tokenizer.model` file.
  ///
  /// @param source the file, for messages
  /// @throws ModelFormatException if it is not a usable SentencePiece model
  public static SentencePieceModel parse(byte[] bytes, String source) {
    SentencePieceModel model = new SentencePieceReader(bytes, source).model();
    model.check(source);
    return model;
  }

  /// Returns the contents of a `tokenizer.model` file that says the same.
  public byte[] toBytes() {
    return SentencePieceWriter.write(this);
  }

  /// Returns this model with pieces replaced or appended: tokens that a model folder adds.
  ///
  /// Ids that are skipped become unused pieces that no text produces.
  public SentencePieceModel withPieces(Map<Integer, SentencePiece> added) {
    List<SentencePiece> all = new ArrayList<>(pieces);
    new TreeMap<>(added)
        .forEach((id, piece) -> {
          if (id < 0 || id > pieces.size() + added.size() * 4096L) {
            throw new TokapuException("an added token has the impossible id " + id);
          }
          while (all.size() <= id) {
            all.add(filler(all.size()));
          }
          all.set(id, piece);
        });
    return new SentencePieceModel(
        algorithm, all, byteFallback, ids, unknownSurface, normalizer, denormalizer);
  }

  /// Returns the piece that stands for an id without a token.
  static SentencePiece filler(int id) {
    return new SentencePiece("[EMPTY_" + id + "]", 0, SentencePiece.Kind.CONTROL);
  }

  /// Checks what every tokenizer relies on.
  ///
  /// @throws ModelFormatException on an empty, contradictory or unsupported model
  void check(String source) {
    if (algorithm == Algorithm.WORD) {
      throw new ModelFormatException(
          source, "trainer_spec.model_type", "WORD is not supported; use UNIGRAM, BPE or CHAR");
    }
    if (pieces.isEmpty()) {
      throw new ModelFormatException(source, "pieces", "there are none");
    }
    if (pieces.size() > WordCache.MOST_IDS) {
      throw new ModelFormatException(
          source, "pieces", "are more than " + WordCache.MOST_IDS + ": " + pieces.size());
    }
    checkPieces(source);
    CharsMap.check(normalizer.charsMap(), source);
    if (denormalizer != null) {
      CharsMap.check(denormalizer.charsMap(), source);
    }
    checkId(source, "unk_id", ids.unknown);
    checkId(source, "bos_id", ids.bos);
    checkId(source, "eos_id", ids.eos);
    checkId(source, "pad_id", ids.pad);
    if (ids.unknown < 0 && !byteFallback) {
      throw new ModelFormatException(
          source, "pieces", "there is neither an unknown piece nor byte fallback");
    }
  }

  private void checkPieces(String source) {
    Set<String> text = HashSet.newHashSet(pieces.size());
    Set<String> reserved = new HashSet<>();
    int bytes = 0;
    for (int id = 0; id < pieces.size(); id++) {
      SentencePiece piece = pieces.get(id);
      String field = "pieces[" + id + "]";
      if (piece.text().isEmpty()) {
        throw new ModelFormatException(source, field, "is empty");
      }
      if (Float.isNaN(piece.score())) {
        throw new ModelFormatException(source, field, "has a score that is not a number");
      }
      boolean plain =
          switch (piece.kind()) {
            case NORMAL, USER_DEFINED, UNUSED -> true;
            case UNKNOWN, CONTROL, BYTE -> false;
          };
      if (!(plain ? text : reserved).add(piece.text())) {
        throw new ModelFormatException(source, field, "repeats the piece " + quoted(piece.text()));
      }
      if (piece.kind() == SentencePiece.Kind.BYTE) {
        if (SentencePiece.byteOf(piece.text()) < 0) {
          throw new ModelFormatException(
              source, field, "is a byte piece but spells " + quoted(piece.text()));
        }
        bytes++;
      }
    }
    if (byteFallback && bytes != 256) {
      throw new ModelFormatException(
          source, "pieces", "byte fallback needs 256 byte pieces, there are " + bytes);
    }
  }

  private void checkId(String source, String field, int id) {
    if (id < -1 || id >= pieces.size()) {
      throw new ModelFormatException(
          source, field, id + " is outside of the vocabulary of " + pieces.size());
    }
  }

  private static String quoted(String text) {
    return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
  }
}
