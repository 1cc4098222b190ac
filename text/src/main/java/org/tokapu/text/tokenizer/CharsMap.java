package org.tokapu.text.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.tokapu.base.ModelFormatException;

/// The compiled normalisation rules of a SentencePiece model: the longest rule that matches at a
/// place replaces what it matched.
///
/// The blob (`precompiled_charsmap`): the size of the trie in bytes (uint32, little-endian), the
/// trie, then the replacements in UTF-8, each ended by a zero byte. The trie is a double array of
/// 32-bit units as darts-clone builds it (<https://github.com/s-yata/darts-clone>): the offset to a
/// unit's children is `unit >> 10`, times 256 if bit 9 is set, and is XORed to the unit's index; a
/// child's low byte (with bit 31) is its label; bit 8 says that a key ends here, whose value (the
/// replacement's place) is the child with label 0, without bit 31.
///
/// Here the first char of a key is answered from tables, so that a char without a rule costs one
/// look-up. Immutable.
final class CharsMap {
  private static final int DEAD = -1;

  /// The longest replacement of NFKC has 18 chars; a file cannot make a text much longer.
  private static final int LONGEST = 1000;

  /// No rule begins with a char.
  private static final byte NONE = 0;

  /// All of them go on with a char of U+0080 .. U+1FFF: an accent or a final consonant.
  private static final byte FEW = 1;

  private static final byte ANY = 2;

  private final int[] units;

  /// The replacements, decoded, each ended by `\0`.
  private final char[] replacements;

  /// For each byte of the blob the index in `replacements`; -1 inside of a character.
  private final int[] places;

  /// By char: the unit after all bytes of this char, or [#DEAD].
  private final int[] firstUnit = new int[0x10000];

  /// By char: whether [#NONE], [#FEW] or [#ANY] rules begin with it.
  private final byte[] rules = new byte[0x10000];

  CharsMap(byte[] blob, String source) {
    ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long size = blob.length < 4 ? -1 : in.getInt() & 0xffffffffL;
    if (size < 4 || size % 4 != 0 || size > blob.length - 4) {
      throw new ModelFormatException(
          source,
          "precompiled_charsmap",
          "claims a trie of " + size + " bytes in " + blob.length + "; the file is broken");
    }
    units = new int[(int) size / 4];
    in.asIntBuffer().get(units);
    places = new int[blob.length - 4 - (int) size + 1];
    replacements = decode(blob, 4 + (int) size, source);
    Arrays.fill(firstUnit, DEAD);
    for (int c = 0; c < 0x10000; c++) {
      if (!Character.isSurrogate((char) c)) {
        firstUnit[c] = step(0, c);
        rules[c] = rules(firstUnit[c]);
      } else {
        rules[c] = ANY;
      }
    }
  }

  private byte rules(int unit) {
    if (unit == DEAD) {
      return NONE;
    }
    boolean few = value(unit) < 0;
    for (int lead = 1; lead <= 0xf4 && few; lead++) {
      boolean asked = lead < 0x80 || lead > 0xe1;
      few = !asked || stepByte(unit, lead) == DEAD;
    }
    return few ? FEW : ANY;
  }

  /// Checks a blob, which may be empty.
  ///
  /// @throws ModelFormatException if it is no such thing
  static void check(byte[] blob, String source) {
    if (blob.length > 0) {
      CharsMap _ = new CharsMap(blob, source);
    }
  }

  private char[] decode(byte[] blob, int start, String source) {
    Arrays.fill(places, -1);
    StringBuilder out = new StringBuilder(blob.length - start + 1);
    int at = start;
    int begun = 0;
    while (at < blob.length) {
      places[at - start] = out.length();
      int length = Utf8Chars.length(blob, at, blob.length);
      if (length <= 0) {
        throw new ModelFormatException(
            source, "precompiled_charsmap", "is not valid UTF-8 at byte " + at);
      }
      out.appendCodePoint(Utf8Chars.codePoint(blob, at, length));
      begun = blob[at] == 0 ? out.length() : begun;
      if (out.length() - begun > LONGEST) {
        throw new ModelFormatException(
            source, "precompiled_charsmap", "replaces by more than " + LONGEST + " chars");
      }
      at += length;
    }
    places[at - start] = out.length();
    out.append('\0');
    return out.toString().toCharArray();
  }

  /// Returns whether a rule may begin with this char (one of a surrogate pair: always).
  boolean concerns(char c) {
    return firstUnit[c] != DEAD || Character.isHighSurrogate(c);
  }

  /// Returns whether no rule can match at `at`; `false` is always right.
  boolean isPlain(char[] text, int at, int to) {
    byte some = rules[text[at]];
    return some == NONE
        || (some == FEW && (at + 1 == to || text[at + 1] < 0x80 || text[at + 1] >= 0x2000));
  }

  /// Finds the longest rule for `text[from .. to)`.
  ///
  /// @return `length of the match << 32 | place of the replacement`, or 0 if no rule matches
  long match(char[] text, int from, int to) {
    long best = 0;
    int at = from;
    int unit = 0;
    while (at < to) {
      char c = text[at];
      int codePoint = c;
      int width = 1;
      if (Character.isHighSurrogate(c) && at + 1 < to && Character.isLowSurrogate(text[at + 1])) {
        codePoint = Character.toCodePoint(c, text[at + 1]);
        width = 2;
      } else if (Character.isSurrogate(c)) {
        codePoint = 0xfffd;
      }
      unit = at == from && width == 1 ? firstUnit[codePoint] : step(unit, codePoint);
      if (unit == DEAD) {
        break;
      }
      at += width;
      int place = value(unit);
      if (place >= 0) {
        best = (long) (at - from) << 32 | place;
      }
    }
    return best;
  }

  /// Returns the chars in which replacements lie, each ended by `\0`.
  char[] replacements() {
    return replacements;
  }

  /// Walks the UTF-8 bytes of a code point; [#DEAD] if no key goes on with it.
  private int step(int from, int codePoint) {
    int unit = codePoint == 0 ? DEAD : from;
    int length = Utf8Chars.bytes(codePoint);
    for (int i = 0; i < length && unit != DEAD; i++) {
      unit = stepByte(unit, Utf8Chars.byteAt(codePoint, i));
    }
    return unit;
  }

  private int stepByte(int from, int label) {
    int next = from ^ offset(units[from]) ^ label;
    if (next < 0 || next >= units.length) {
      return DEAD;
    }
    return (units[next] & (1 << 31 | 0xff)) == label ? next : DEAD;
  }

  /// Returns the place of the replacement of the key that ends at a unit, or -1.
  private int value(int unit) {
    if ((units[unit] >>> 8 & 1) == 0) {
      return -1;
    }
    int leaf = unit ^ offset(units[unit]);
    if (leaf < 0 || leaf >= units.length) {
      return -1;
    }
    int place = units[leaf] & 0x7fffffff;
    return place < places.length ? places[place] : -1;
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }
}
