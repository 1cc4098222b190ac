package org.tokapu.assistant.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tokapu.assistant.Owner;

/// Finds texts that contain all words of a query, wherever in a word they stand: 형태 is found in
/// 형태소분석기를 too, which a search for whole words would miss.
///
/// Reads the search texts of one owner, found by their key: some ten milliseconds for ten thousand
/// messages.
final class SessionSearch {
  private static final int MAX_WORDS = 8;
  private static final int MAX_QUERY = 400;
  private static final int SNIPPET = 120;
  private static final String FROM_SESSIONS =
      " x.owner = ? AND x.temporary = 0 AND (x.expires = 0 OR x.expires > ?)";

  private SessionSearch() {}

  static List<SearchHit> find(Transaction t, Owner owner, String query, int limit, long now)
      throws SQLException {
    List<String> words = words(query);
    if (words.isEmpty()) {
      return List.of();
    }
    List<SearchHit> hits = new ArrayList<>();
    String titles =
        "SELECT x.id, x.title, 0, x.title FROM sessions x WHERE"
            + FROM_SESSIONS
            + " AND x.title_search LIKE ? ESCAPE '!'".repeat(words.size())
            + " ORDER BY x.used DESC, x.id LIMIT ?";
    hits.addAll(
        t.list(titles, row -> hit(row, row.getString(4), words), values(owner, now, words, limit)));
    String messages =
        "SELECT x.id, x.title, s.number, m.body FROM searches s"
            + " JOIN sessions x ON x.owner = s.owner AND x.id = s.session"
            + " JOIN messages m ON m.owner = s.owner AND m.session = s.session"
            + " AND m.number = s.number WHERE"
            + FROM_SESSIONS
            + " AND s.body LIKE ? ESCAPE '!'".repeat(words.size())
            + " ORDER BY x.used DESC, x.id, s.number DESC LIMIT ?";
    hits.addAll(
        t.list(
            messages,
            row -> hit(row, MessageText.of(MessageText.parse(row.getString(4))), words),
            values(owner, now, words, limit)));
    return List.copyOf(hits.subList(0, Math.min(limit, hits.size())));
  }

  private static List<String> words(String query) {
    String text = query.length() > MAX_QUERY ? query.substring(0, MAX_QUERY) : query;
    return Arrays.stream(MessageText.searchable(text).strip().split("\\s+"))
        .filter(word -> !word.isEmpty())
        .limit(MAX_WORDS)
        .toList();
  }

  private static Object[] values(Owner owner, long now, List<String> words, int limit) {
    List<Object> values = new ArrayList<>(List.of(owner.id(), now));
    words.forEach(word -> values.add("%" + word.replaceAll("([!%_])", "!$1") + "%"));
    values.add(limit);
    return values.toArray();
  }

  private static SearchHit hit(ResultSet row, String text, List<String> words) throws SQLException {
    return new SearchHit(
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        MessageText.snippet(text, words.getFirst(), SNIPPET));
  }
}
