package org.tokapu.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;
import org.tokapu.text.tokenizer.SentencePiece.Kind;
import org.tokapu.text.tokenizer.SentencePieceModel.Algorithm;
import org.tokapu.text.tokenizer.SentencePieceOptions.Splitting;

/// A tokenizer over a [SentencePieceModel]: LLaMA 1 and 2, Mistral, Gemma, Phi-3 (BPE), T5
/// (Unigram). Immutable but for caches; thread-safe.
///
/// Same ids and same decoded text as SentencePiece (<https://github.com/google/sentencepiece>),
/// with one exception: plain text never becomes a control piece, however the vocabulary is made.
public final class SentencePieceTokenizer implements Tokenizer {
  private final SentencePieceModel model;
  private final SentencePieceOptions options;
  private final PieceVocabulary vocabulary;
  private final SentencePieceNormalizer normalizer;
  private final @Nullable SentencePieceNormalizer denormalizer;
  private final PieceSegmenter segmenter;
  private final SpecialMatcher matcher;
  private final SpecialTokens special;

  /// Buffers of the last text, for the next one that wants no offsets: touching the same memory
  /// again is faster than touching new one. One set is kept, and only if it is small.
  private final AtomicReference<@Nullable Buffers> idle = new AtomicReference<>();

  private SentencePieceTokenizer(
      SentencePieceModel model, SentencePieceOptions options, int @Nullable [] merges) {
    String source = "SentencePiece model";
    model.check(source);
    this.model = model;
    this.options = options;
    vocabulary = new PieceVocabulary(model);
    normalizer =
        new SentencePieceNormalizer(model.normalizer(), vocabulary.userDefined(false), source);
    SentencePieceModel.Normalization last = model.denormalizer();
    denormalizer = last == null ? null : new SentencePieceNormalizer(last, new PieceTrie(), source);
    segmenter =
        model.algorithm() == Algorithm.UNIGRAM
            ? new SentencePieceUnigram(vocabulary)
            : new SentencePieceBpe(vocabulary, merges, model.algorithm() == Algorithm.BPE);
    matcher = new SpecialMatcher(addedTokens());
    special = specialTokens();
  }

  /// Returns the tokenizer of a model with the usual options ([SentencePieceOptions#usual]).
  public static SentencePieceTokenizer of(SentencePieceModel model) {
    return of(model, SentencePieceOptions.usual(model));
  }

  /// Returns the tokenizer of a model.
  ///
  /// @throws ModelFormatException if the model contradicts itself
  public static SentencePieceTokenizer of(SentencePieceModel model, SentencePieceOptions options) {
    return new SentencePieceTokenizer(model, options, null);
  }

  /// Returns the tokenizer of a BPE model whose merges are listed, as in a `tokenizer.json` with
  /// `byte_fallback`; scores count for nothing then.
  ///
  /// @param merges ids `left, right, left, right, ...`, the earliest merge first
  public static SentencePieceTokenizer of(
      SentencePieceModel model, SentencePieceOptions options, int[] merges) {
    for (int id : merges) {
      if (id < 0 || id >= model.pieces().size()) {
        throw new ModelFormatException(
            "SentencePiece model", "merges", id + " is outside of the vocabulary");
      }
    }
    return new SentencePieceTokenizer(model, options, merges.clone());
  }

  private List<AddedToken> addedTokens() {
    List<AddedToken> added = new ArrayList<>();
    boolean splits = options.splitting() != Splitting.REFERENCE;
    for (int id = 0; id < vocabulary.size(); id++) {
      String text = model.pieces().get(id).text();
      Kind kind = vocabulary.kind(id);
      if (kind == Kind.CONTROL || kind == Kind.UNKNOWN) {
        boolean trims = options.trimAfter().contains(id);
        added.add(new AddedToken(text, id, true, false, trims, false, false));
      } else if (splits && kind == Kind.USER_DEFINED) {
        boolean trims = options.trimAfter().contains(id);
        added.add(new AddedToken(text, id, false, false, trims, false, false));
      }
    }
    return added;
  }

  private SpecialTokens specialTokens() {
    Map<String, Integer> byText = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.kind(id) == Kind.CONTROL || vocabulary.kind(id) == Kind.UNKNOWN) {
        byText.put(model.pieces().get(id).text(), id);
      }
    }
    SentencePieceModel.Ids ids = model.ids();
    Set<Integer> ends = new LinkedHashSet<>(options.endOfGeneration());
    if (ids.eos() >= 0) {
      ends.add(ids.eos());
    }
    return new SpecialTokens(
        ids.bos(),
        ids.eos(),
        ids.unknown(),
        ids.pad(),
        options.addBos() && ids.bos() >= 0,
        options.addEos() && ids.eos() >= 0,
        Set.copyOf(ends),
        Map.copyOf(byText));
  }

  /// Returns the model, to be written into another file for instance.
  public SentencePieceModel model() {
    return model;
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public SpecialTokens special() {
    return special;
  }

  @Override
  public int[] encode(String text, SpecialScope scope) {
    return ids(text, scope, false);
  }

  @Override
  public int[] encodePrompt(String text, SpecialScope scope) {
    return ids(text, scope, true);
  }

  private int[] ids(String text, SpecialScope scope, boolean prompt) {
    Buffers buffers = idle.getAndSet(null);
    if (buffers == null) {
      buffers = new Buffers(text.length(), false);
    }
    buffers.out.clear();
    new Pass(text, scope, buffers, null).encode(prompt);
    int[] ids = buffers.out.ids();
    if (buffers.areSmall()) {
      idle.set(buffers);
    }
    return ids;
  }

  @Override
  public Encoding encodeWithOffsets(String text, SpecialScope scope, boolean addSpecial) {
    PieceSpans spans = new PieceSpans();
    Buffers buffers = new Buffers(text.length(), true);
    new Pass(text, scope, buffers, spans).encode(addSpecial);
    return spans.encoding(buffers.out);
  }

  @Override
  public byte[] bytes(int id) {
    if (id < 0 || id >= vocabulary.size()) {
      return new byte[0];
    }
    String text = model.pieces().get(id).text();
    return switch (vocabulary.kind(id)) {
      case CONTROL -> new byte[0];
      case BYTE -> new byte[] {(byte) SentencePiece.byteOf(text)};
      case UNKNOWN -> model.unknownSurface().getBytes(StandardCharsets.UTF_8);
      case NORMAL, USER_DEFINED, UNUSED ->
          text.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
    };
  }

  @Override
  public String piece(int id) {
    return id < 0 || id >= vocabulary.size() ? "" : model.pieces().get(id).text();
  }

  @Override
  public String decode(int... ids) {
    SentencePieceDecoder decoder = new SentencePieceDecoder(model, denormalizer);
    return decoder.decode(ids);
  }

  @Override
  public TokenDecoder decoder() {
    return new SentencePieceDecoder(model, denormalizer);
  }

  /// What one text at a time needs on its way to ids.
  private final class Buffers {
    /// Buffers for longer texts are not kept: at about 10 bytes a char these take 5 MiB.
    private static final int MOST_KEPT = 1 << 19;

    private final NormalizedText normalized;
    private final PieceBuffer out;
    private final PieceSegmenter.Run segmenting = segmenter.run();

    Buffers(int length, boolean offsets) {
      normalized = new NormalizedText(length + 1, offsets);
      out = new PieceBuffer(vocabulary, length / 2 + 16, offsets);
    }

    boolean areSmall() {
      return normalized.chars().length <= MOST_KEPT;
    }
  }

  /// One text on its way to ids.
  private final class Pass {
    private final String text;
    private final SpecialScope scope;
    private final @Nullable PieceSpans spans;
    private final Buffers buffers;
    private final PieceBuffer out;

    Pass(String text, SpecialScope scope, Buffers buffers, @Nullable PieceSpans spans) {
      this.text = text;
      this.scope = scope;
      this.spans = spans;
      this.buffers = buffers;
      this.out = buffers.out;
    }

    void encode(boolean prompt) {
      if (prompt && special.addBos()) {
        token(special.bos(), 0, 0);
      }
      encode();
      if (prompt && special.addEos()) {
        token(special.eos(), text.length(), text.length());
      }
    }

    private void encode() {
      int at = 0;
      while (true) {
        SpecialMatcher.Match match = matcher.find(text, at, scope);
        plain(at, match == null ? text.length() : match.start());
        if (match == null) {
          return;
        }
        token(match.token().id(), match.start(), match.end());
        at = match.end();
      }
    }

    private void token(int id, int start, int end) {
      out.add(id, end);
      if (spans != null) {
        spans.token(out, start, end);
      }
    }

    private void plain(int from, int to) {
      if (from == to) {
        return;
      }
      boolean prefix = options.splitting() != Splitting.FIRST || from == 0;
      NormalizedText normalized = buffers.normalized;
      normalizer.normalize(text, from, to, prefix, normalized);
      out.breakRun();
      if (normalized.length() > 0) {
        buffers.segmenting.segment(normalized, out);
      }
      if (spans != null) {
        spans.plain(out, normalized);
      }
    }
  }
}
