package org.tokapu.text.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.Tokenizer;

/// Reads Hugging Face's `tokenizer.json`: a normalizer, a pre-tokenizer, a model, a decoder, a
/// post-processor and added tokens.
///
/// The file is what `Tokenizer.save` of Hugging Face tokenizers writes; its fields are the serde
/// names of that library. Padding and truncation are not applied: texts are encoded whole.
final class TokenizerJson {
  private final JsonObject json;
  private final JsonObject model;
  private final String source;
  private final Optional<TokenizerConfig> config;

  /// The model's pieces with their ids, special tokens included.
  private final Map<String, Integer> ids;

  private final List<AddedToken> added;

  /// Ids that only a scope may let in: no text spells them for the model.
  private final Set<Integer> special = new HashSet<>();

  private TokenizerJson(JsonObject json, Optional<TokenizerConfig> config, String source) {
    this.json = json;
    this.config = config;
    this.source = source;
    this.model = json.object("model").orElseThrow(() -> json.wrong("model", "is missing"));
    this.added = added(json);
    this.ids = modelType().equals("Unigram") ? UnigramModel.ids(model) : ids(model);
    added.stream().filter(AddedToken::special).forEach(t -> special.add(t.id()));
  }

  static Tokenizer read(byte[] file, byte @Nullable [] tokenizerConfig, String source) {
    return read(Json.parseObject(file, source), tokenizerConfig, source);
  }

  /// As above, of a file that is read already.
  static Tokenizer read(JsonObject file, byte @Nullable [] tokenizerConfig, String source) {
    Optional<TokenizerConfig> config =
        tokenizerConfig == null
            ? Optional.empty()
            : Optional.of(TokenizerConfig.parse(tokenizerConfig, "tokenizer_config.json"));
    return new TokenizerJson(file, config, source).build();
  }

  private Tokenizer build() {
    Vocabulary vocabulary = new Vocabulary(ids, added, source);
    PreTokenizers.Parsed words =
        json.object("pre_tokenizer")
            .map(PreTokenizers::parse)
            .orElse(new PreTokenizers.Parsed(null, false));
    PostProcessors.Around around =
        around(PostProcessors.parse(json.object("post_processor").orElse(null), vocabulary.size()));
    TextNormalizer normalizer =
        json.object("normalizer").map(n -> Normalizers.parse(n, source)).orElse(null);
    return new PipelineTokenizer(
        new PipelineTokenizer.Parts(
            vocabulary,
            normalizer,
            words.words(),
            model(words.byteLevel()),
            PieceDecoders.parse(json.object("decoder").orElse(null)),
            around.before(),
            around.after(),
            special(vocabulary, around)));
  }

  private String modelType() {
    return model
        .text("type")
        .orElse(
            model.has("merges")
                ? "BPE"
                : model.has("max_input_chars_per_word") ? "WordPiece" : "WordLevel");
  }

  private SubwordModel model(boolean byteLevel) {
    String type = modelType();
    return switch (type) {
      case "BPE" -> byteLevel ? byteBpe() : symbolBpe();
      case "WordPiece" -> wordPiece();
      case "Unigram" -> UnigramModel.read(model, special);
      case "WordLevel" -> new WordLevel(spelled(), unknown());
      default -> throw model.wrong("type", "is an unknown model: \"" + type + "\"");
    };
  }

  private int unknown() {
    String name = model.text("unk_token").orElse(modelType().equals("WordPiece") ? "[UNK]" : "");
    return name.isEmpty() ? -1 : ids.getOrDefault(name, -1);
  }

  private SubwordModel wordPiece() {
    if (unknown() < 0) {
      throw model.wrong("unk_token", "is not in the vocabulary");
    }
    return new WordPiece(
        spelled(),
        new WordPiece.Spelling(
            "",
            model.text("continuing_subword_prefix").orElse("##"),
            model.integer("max_input_chars_per_word").orElse(100)),
        unknown());
  }

  /// The pieces that text may spell.
  private Map<String, Integer> spelled() {
    Map<String, Integer> out = new HashMap<>(ids);
    out.values().removeAll(special);
    return out;
  }

  private PairRanks merges() {
    return Merges.of(model.list("merges"), source)
        .resolve(ids, model.text("continuing_subword_prefix").orElse(""), special);
  }

  private SubwordModel byteBpe() {
    byte[] @Nullable [] pieces = new byte[ids.isEmpty() ? 0 : maxId() + 1][];
    spelled().forEach((piece, id) -> pieces[id] = ByteAlphabet.bytesOf(piece));
    return new ByteBpe(
        new PieceTable(pieces),
        merges(),
        model.flag("ignore_merges").orElse(false),
        unknown(),
        model.flag("fuse_unk").orElse(false));
  }

  private int maxId() {
    return ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
  }

  private SubwordModel symbolBpe() {
    return new SymbolBpe(
        spelled(),
        merges(),
        new SymbolBpe.Options(
            unknown(),
            model.flag("fuse_unk").orElse(false),
            model.flag("byte_fallback").orElse(false),
            model.flag("ignore_merges").orElse(false),
            model.text("continuing_subword_prefix").orElse(""),
            model.text("end_of_word_suffix").orElse("")));
  }

  private static Map<String, Integer> ids(JsonObject model) {
    JsonObject vocab = model.object("vocab").orElseThrow(() -> model.wrong("vocab", "is missing"));
    Map<String, Integer> out = new LinkedHashMap<>();
    vocab.map().forEach((piece, id) -> out.put(piece, vocab.integer(piece).orElse(-1)));
    return out;
  }

  private static List<AddedToken> added(JsonObject json) {
    List<AddedToken> out = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (JsonObject token : json.objects("added_tokens")) {
      String text = token.text("content").orElse("");
      int id = token.integer("id").orElseThrow(() -> token.wrong("id", "is missing"));
      Integer before = seen.put(text, id);
      if (before != null && before != id) {
        throw token.wrong("content", "\"" + text + "\" has two ids, " + before + " and " + id);
      }
      boolean special = token.flag("special").orElse(false);
      out.add(
          new AddedToken(
              text,
              id,
              special,
              token.flag("lstrip").orElse(false),
              token.flag("rstrip").orElse(false),
              token.flag("single_word").orElse(false),
              token.flag("normalized").orElse(!special)));
    }
    return out;
  }

  /// Adds what only `tokenizer_config.json` asks for, where the file itself puts nothing around.
  private PostProcessors.Around around(PostProcessors.Around own) {
    if (json.has("post_processor") || config.isEmpty()) {
      return own;
    }
    TokenizerConfig c = config.get();
    int bos = c.addBos().orElse(false) ? role("bos_token") : -1;
    int eos = c.addEos().orElse(false) ? role("eos_token") : -1;
    return new PostProcessors.Around(
        bos < 0 ? new int[0] : new int[] {bos}, eos < 0 ? new int[0] : new int[] {eos});
  }

  private int role(String... names) {
    for (String name : names) {
      String text = config.map(c -> c.roles().get(name)).orElse("");
      if (text == null || text.isEmpty()) {
        continue;
      }
      for (AddedToken token : added) {
        if (token.text().equals(text)) {
          return token.id();
        }
      }
      if (ids.containsKey(text)) {
        return ids.get(text);
      }
    }
    return -1;
  }

  private SpecialTokens special(Vocabulary vocabulary, PostProcessors.Around around) {
    int[] before = around.before();
    int[] after = around.after();
    int bos = role("bos_token", "cls_token");
    int eos = role("eos_token", "sep_token");
    if (config.isEmpty()) {
      bos =
          before.length > 0
              ? before[0]
              : known("<s>", "<bos>", "<|begin_of_text|>", "[CLS]", "<|im_start|>");
      eos =
          after.length > 0
              ? after[after.length - 1]
              : known("</s>", "<eos>", "<|end_of_text|>", "<|endoftext|>", "<|im_end|>", "[SEP]");
    }
    int unknown = role("unk_token");
    return SpecialTable.of(
        new SpecialTable.Roles(
            bos,
            eos,
            unknown >= 0 ? unknown : unknown(),
            config.isEmpty() ? known("<pad>", "[PAD]") : role("pad_token")),
        before,
        after,
        new int[0],
        vocabulary.added());
  }

  private int known(String... spellings) {
    for (String spelling : spellings) {
      for (AddedToken token : added) {
        if (token.special() && token.text().equals(spelling)) {
          return token.id();
        }
      }
    }
    return -1;
  }
}
