package org.tokapu.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.tokapu.text.Tokenizer;

/// How fast a tokenizer encoded, and what came out.
///
/// @param bytesPerSecond bytes of UTF-8 encoded in a second
/// @param crc CRC-32 of all ids as 32-bit little-endian integers
record TokenizerSpeed(double bytesPerSecond, long crc) {
  /// Measures ours on this thread.
  static TokenizerSpeed of(Tokenizer tokenizer, TokenizerTexts texts, double seconds) {
    CRC32 crc = new CRC32();
    for (String text : texts.texts()) {
      int[] ids = tokenizer.encode(text);
      ByteBuffer out = ByteBuffer.allocate(ids.length * 4).order(ByteOrder.LITTLE_ENDIAN);
      out.asIntBuffer().put(ids);
      crc.update(out);
    }
    long begun = System.nanoTime();
    long passes = 0;
    while (true) {
      for (String text : texts.texts()) {
        tokenizer.encode(text);
      }
      passes++;
      double took = (System.nanoTime() - begun) / 1e9;
      if (took >= seconds) {
        return new TokenizerSpeed(passes * texts.bytes() / took, crc.getValue());
      }
    }
  }
}
