package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.Tokenizer;

/// Reads byte-level BPE (`gpt2`) and WordPiece (`bert`) vocabularies from the metadata of a GGUF
/// file.
///
/// Control tokens are special; user-defined tokens are always recognised. A `gpt2` vocabulary
/// without `tokenizer.ggml.pre` is cut with the pattern `default`, as llama.cpp does, and a line in
/// the log says so; an unknown name is an error, because a wrong pattern yields wrong tokens.
final class GgufTokenizers {
  private static final System.Logger LOG = System.getLogger(GgufTokenizers.class.getName());

  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  private final GgufFields fields;
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<AddedToken> added = new ArrayList<>();
  private final Set<Integer> special = new HashSet<>();

  private GgufTokenizers(Map<String, ?> metadata, String source) {
    fields = new GgufFields(metadata, source);
    int[] kinds = fields.kinds();
    Set<Integer> roles = new HashSet<>();
    for (String role : new String[] {"bos", "eos", "eot", "eom", "padding", "mask", "cls"}) {
      roles.add(fields.id(role, -1));
    }
    roles.add(fields.id("seperator", fields.id("separator", -1)));
    boolean silent = !metadata.containsKey("tokenizer.ggml.token_type");
    for (int id = 0; id < kinds.length; id++) {
      String text = fields.tokens().get(id);
      ids.put(text, id);
      boolean control =
          kinds[id] == CONTROL
              || kinds[id] == UNKNOWN
              || (silent && roles.contains(id))
              || (SpecialTable.END_OF_TURN.contains(text) && !text.equals("</s>"));
      if (control) {
        special.add(id);
        added.add(AddedToken.special(text, id));
      } else if (kinds[id] == USER_DEFINED) {
        added.add(AddedToken.plain(text, id));
      }
    }
  }

  /// Reads a vocabulary whose `tokenizer.ggml.model` is `gpt2`.
  static Tokenizer gpt2(Map<String, ?> metadata, String source) {
    return new GgufTokenizers(metadata, source).byteLevel();
  }

  /// Reads a vocabulary whose `tokenizer.ggml.model` is `bert`.
  static Tokenizer bert(Map<String, ?> metadata, String source) {
    return new GgufTokenizers(metadata, source).wordPiece();
  }

  private Tokenizer byteLevel() {
    GgufPatterns.Pattern pattern = pattern();
    Map<String, Integer> plain = new HashMap<>(ids);
    Set<String> raw = new HashSet<>();
    for (AddedToken token : added) {
      plain.remove(token.text());
      raw.add(token.text());
    }
    byte[] @Nullable [] pieces = new byte[fields.tokens().size()][];
    plain.forEach((piece, id) -> pieces[id] = ByteAlphabet.bytesOf(piece));
    List<String> merges = fields.strings("merges");
    if (merges.isEmpty()) {
      throw fields.wrong("merges", "is absent or empty; a gpt2 vocabulary needs merges");
    }
    int bos = fields.id("bos", -1);
    int eos = fields.id("eos", -1);
    boolean addBos = fields.flag("add_bos_token", pattern.addBos()) && bos >= 0;
    boolean addEos = fields.flag("add_eos_token", false) && eos >= 0;
    PieceDecoder decoder =
        (piece, _) ->
            raw.contains(piece)
                ? piece.getBytes(StandardCharsets.UTF_8)
                : ByteAlphabet.bytesOrUtf8(piece);
    return tokenizer(
        null,
        pattern.words(),
        new ByteBpe(
            new PieceTable(pieces),
            Merges.of(merges, fields.source()).resolve(ids, "", special),
            pattern.wholeWords(),
            -1,
            false),
        decoder,
        new PostProcessors.Around(
            addBos ? new int[] {bos} : new int[0], addEos ? new int[] {eos} : new int[0]),
        new SpecialTable.Roles(bos, eos, fields.id("unknown", -1), fields.id("padding", -1)));
  }

  private GgufPatterns.Pattern pattern() {
    String name = fields.text("pre");
    if (name.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: tokenizer.ggml.pre is missing, so that words may be cut wrongly; convert the model"
              + " again with a newer converter",
          fields.source());
      name = "default";
    }
    GgufPatterns.Pattern pattern = GgufPatterns.of(name);
    if (pattern == null) {
      throw fields.wrong(
          "pre",
          "names an unknown way to cut words, \""
              + name
              + "\"; use the model's folder with its tokenizer.json instead");
    }
    return pattern;
  }

  /// WordPiece as the converter spells it: `▁` before words, nothing before what continues them.
  private Tokenizer wordPiece() {
    Map<String, Integer> plain = new HashMap<>(ids);
    plain.values().removeAll(special);
    int unknown = fields.id("unknown", 100);
    if (unknown < 0) {
      throw fields.wrong("unknown_token_id", "is missing; a bert vocabulary needs one");
    }
    int cls = fields.id("cls", fields.id("bos", 101));
    int sep = fields.id("seperator", fields.id("separator", 102));
    boolean addBos = fields.flag("add_bos_token", true) && cls >= 0;
    boolean addEos = fields.flag("add_eos_token", true) && sep >= 0;
    PieceDecoder decoder =
        (piece, first) -> {
          String text = piece.startsWith("▁") ? (first ? "" : " ") + piece.substring(1) : piece;
          return text.getBytes(StandardCharsets.UTF_8);
        };
    return tokenizer(
        Normalizers.bert(true, true, true, true),
        ClassSplitter.bert(),
        new WordPiece(plain, new WordPiece.Spelling("▁", "", Integer.MAX_VALUE), unknown),
        decoder,
        new PostProcessors.Around(
            addBos ? new int[] {cls} : new int[0], addEos ? new int[] {sep} : new int[0]),
        new SpecialTable.Roles(cls, sep, unknown, fields.id("padding", 0)));
  }

  private Tokenizer tokenizer(
      @Nullable TextNormalizer normalizer,
      PreTokenizer words,
      SubwordModel model,
      PieceDecoder decoder,
      PostProcessors.Around around,
      SpecialTable.Roles roles) {
    SpecialTokens table =
        SpecialTable.of(
            roles,
            around.before(),
            around.after(),
            new int[] {fields.id("eot", -1), fields.id("eom", -1)},
            added);
    return new PipelineTokenizer(
        new PipelineTokenizer.Parts(
            new Vocabulary(ids, added, fields.source()),
            normalizer,
            words,
            model,
            decoder,
            around.before(),
            around.after(),
            table));
  }
}
