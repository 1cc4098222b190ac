package org.tokapu.text.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.SpecialTokens;
import org.tokapu.text.TokenDecoder;
import org.tokapu.text.Tokenizer;

/// A tokenizer as a chain: added tokens are cut out, the rest is normalized, cut into words, and
/// each word becomes tokens by a model.
///
/// Where nothing needs normalizing and words are merely cut, the whole chain works on one char
/// array without making strings. Immutable and thread-safe.
final class PipelineTokenizer implements Tokenizer {
  /// What a tokenizer is made of.
  ///
  /// @param normalizer null if texts are taken as they are
  /// @param words cuts words, or null: the whole text is one
  /// @param before ids that [Tokenizer#encodePrompt] puts in front
  /// @param after ids that it puts behind
  record Parts(
      Vocabulary vocabulary,
      @Nullable TextNormalizer normalizer,
      @Nullable PreTokenizer words,
      SubwordModel model,
      PieceDecoder decoder,
      int[] before,
      int[] after,
      SpecialTokens special) {}

  private final Parts parts;
  private final SpecialMatcher raw;
  private final SpecialMatcher normalized;

  /// The words if they are cut from the text itself.
  private final @Nullable Splitter splitter;

  private final byte[][] bytes;

  PipelineTokenizer(Parts parts) {
    this.parts = parts;
    List<AddedToken> added = parts.vocabulary().added();
    TextNormalizer normalizer = parts.normalizer();
    List<AddedToken> later = added.stream().filter(AddedToken::normalized).toList();
    List<AddedToken> sooner = added.stream().filter(t -> !t.normalized()).toList();
    boolean one = normalizer == null && (later.isEmpty() || sooner.isEmpty());
    raw = new SpecialMatcher(one ? added : sooner);
    normalized = new SpecialMatcher(one ? List.of() : normalize(later, normalizer));
    splitter =
        parts.words() == null
            ? (_, from, to, out) -> out.add(from, to)
            : parts.words() instanceof Splitter s ? s : null;
    bytes = new byte[parts.vocabulary().size()][];
    for (int id = 0; id < bytes.length; id++) {
      bytes[id] =
          parts.vocabulary().isSpecial(id)
              ? new byte[0]
              : parts.decoder().bytes(parts.vocabulary().piece(id), false);
    }
  }

  private static List<AddedToken> normalize(
      List<AddedToken> tokens, @Nullable TextNormalizer normalizer) {
    return normalizer == null
        ? tokens
        : tokens.stream()
            .map(t ->
                new AddedToken(
                    normalizer.apply(AlignedText.of(t.text(), 0, t.text().length())).text(),
                    t.id(),
                    t.special(),
                    t.lstrip(),
                    t.rstrip(),
                    t.singleWord(),
                    true))
            .toList();
  }

  @Override
  public int vocabularySize() {
    return parts.vocabulary().size();
  }

  @Override
  public SpecialTokens special() {
    return parts.special();
  }

  @Override
  public int[] encode(String text, SpecialScope scope) {
    return run(text, scope, false, false).ids();
  }

  @Override
  public int[] encodePrompt(String text, SpecialScope scope) {
    return run(text, scope, true, false).ids();
  }

  @Override
  public Encoding encodeWithOffsets(String text, SpecialScope scope, boolean addSpecial) {
    return run(text, scope, addSpecial, true).encoding();
  }

  @Override
  public int count(String text) {
    return run(text, SpecialScope.NONE, false, false).size();
  }

  private TokenSink run(String text, SpecialScope scope, boolean addSpecial, boolean offsets) {
    TokenSink out = new TokenSink(offsets);
    if (addSpecial) {
      for (int id : parts.before()) {
        out.add(id, 0, 0);
      }
    }
    new Pass(text, scope, out).all();
    if (addSpecial) {
      for (int id : parts.after()) {
        out.add(id, text.length(), text.length());
      }
    }
    return out;
  }

  /// One text on its way.
  private final class Pass {
    private final String text;
    private final SpecialScope scope;
    private final TokenSink out;
    private final char[] chars;
    private final SubwordModel.Encoder encoder = parts.model().encoder();

    Pass(String text, SpecialScope scope, TokenSink out) {
      this.chars = text.toCharArray();
      this.text = mend(chars) ? new String(chars) : text;
      this.scope = scope;
      this.out = out;
    }

    void all() {
      int at = 0;
      for (SpecialMatcher.Match m = raw.find(text, 0, scope); m != null; ) {
        part(at, m.start());
        out.countIn(null);
        out.add(m.token().id(), m.start(), m.end());
        at = m.end();
        m = raw.find(text, at, scope);
      }
      part(at, text.length());
      out.countIn(null);
    }

    private void part(int from, int to) {
      if (from == to) {
        return;
      }
      TextNormalizer normalizer = parts.normalizer();
      if (splitter != null
          && normalized.isEmpty()
          && (normalizer == null || normalizer.isNormal(chars, from, to))) {
        out.countIn(null);
        splitter.split(chars, from, to, (start, end) -> encoder.encode(chars, start, end, out));
        return;
      }
      // A splitter asks for no places; a scope may, when added tokens are looked for.
      boolean tracks = out.wantsOffsets() || splitter == null || !SpecialScope.NONE.equals(scope);
      AlignedText part =
          tracks ? AlignedText.of(text, from, to) : AlignedText.untracked(text.substring(from, to));
      aligned(normalizer == null ? part : normalizer.apply(part));
    }

    private void aligned(AlignedText part) {
      SpecialScope inPart =
          SpecialScope.NONE.equals(scope)
              ? scope
              : (start, end) -> scope.allows(part.originalStart(start), part.originalEnd(end));
      int at = 0;
      for (SpecialMatcher.Match m = normalized.find(part.text(), 0, inPart); m != null; ) {
        words(part.slice(at, m.start()));
        out.countIn(part);
        out.add(m.token().id(), m.start(), m.end());
        at = m.end();
        m = normalized.find(part.text(), at, inPart);
      }
      words(part.slice(at, part.text().length()));
    }

    private void words(AlignedText part) {
      if (part.isEmpty()) {
        return;
      }
      if (splitter != null) {
        char[] own = part.text().toCharArray();
        out.countIn(part);
        splitter.split(own, 0, own.length, (start, end) -> encoder.encode(own, start, end, out));
      } else if (parts.words() != null) {
        parts.words().apply(part, this::word);
      }
    }

    private void word(AlignedText word) {
      if (!word.isEmpty()) {
        out.countIn(word);
        encoder.encode(word.text().toCharArray(), 0, word.text().length(), out);
      }
    }
  }

  /// Replaces unpaired surrogates by U+FFFD and returns whether there were any.
  private static boolean mend(char[] chars) {
    boolean changed = false;
    for (int i = 0; i < chars.length; i++) {
      if ((chars[i] & 0xf800) == 0xd800) {
        if (CharClass.width(chars, i, chars.length) == 2) {
          i++;
        } else {
          chars[i] = '\ufffd';
          changed = true;
        }
      }
    }
    return changed;
  }

  @Override
  public byte[] bytes(int id) {
    return id >= 0 && id < bytes.length ? bytes[id].clone() : new byte[0];
  }

  @Override
  public String piece(int id) {
    return parts.vocabulary().piece(id);
  }

  @Override
  public String decode(int... ids) {
    PieceStream stream = stream();
    StringBuilder out = new StringBuilder();
    for (int id : ids) {
      out.append(stream.next(id));
    }
    return out.append(stream.finish()).toString();
  }

  @Override
  public TokenDecoder decoder() {
    return stream();
  }

  private PieceStream stream() {
    return new PieceStream(parts.vocabulary(), parts.decoder(), bytes);
  }
}
