package org.tokapu.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tokapu.base.json.Json;

/// Texts to encode: a megabyte as one text, or the same cut into texts of a kilobyte.
///
/// The kilobytes are all different: one that is encoded again and again would only measure caches.
///
/// @param name the language and the size, for the table
/// @param texts the texts
/// @param file a JSON array of them, for programs in other languages
/// @param bytes their length in UTF-8
record TokenizerTexts(String name, List<String> texts, Path file, long bytes) {
  private static final int MEGABYTE = 1_000_000;
  private static final int KILOBYTE = 1000;

  /// Reads a text file, over and over until it makes a megabyte, and returns both sizes.
  ///
  /// @param folder where the JSON files go
  static List<TokenizerTexts> of(String language, Path file, Path folder) throws IOException {
    String text = Files.readString(file);
    StringBuilder long_ = new StringBuilder();
    int bytes = 0;
    while (bytes < MEGABYTE) {
      String part = prefix(text, 0, MEGABYTE - bytes);
      long_.append(part);
      int added = utf8(part);
      if (added == 0) {
        break;
      }
      bytes += added;
    }
    String megabyte = long_.toString();
    List<String> kilobytes = new ArrayList<>();
    for (int at = 0; at < megabyte.length(); at += kilobytes.getLast().length()) {
      kilobytes.add(prefix(megabyte, at, KILOBYTE));
    }
    return List.of(
        make(language + ", 1 KB", kilobytes, folder),
        make(language + ", 1 MB", List.of(megabyte), folder));
  }

  private static TokenizerTexts make(String name, List<String> texts, Path folder)
      throws IOException {
    Path file = folder.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".json");
    Files.writeString(file, Json.write(texts));
    return new TokenizerTexts(
        name, texts, file, texts.stream().mapToLong(TokenizerTexts::utf8).sum());
  }

  /// Returns as many characters from `at` on as `most` bytes of UTF-8 hold.
  private static String prefix(String text, int at, int most) {
    int bytes = 0;
    int end = at;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > most) {
        break;
      }
      end += Character.charCount(c);
    }
    return text.substring(at, end);
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
