package org.tokapu.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StopStringsTests {
  private record Result(String text, @Nullable String stop) {}

  /// Cuts in front of the stop string that is complete first, the longest of those.
  private static Result naive(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String longest = null;
      for (String stop : stops) {
        if (text.substring(0, end).endsWith(stop)
            && (longest == null || stop.length() > longest.length())) {
          longest = stop;
        }
      }
      if (longest != null) {
        return new Result(text.substring(0, end - longest.length()), longest);
      }
    }
    return new Result(text, null);
  }

  private static String random(Random random, int length, int letters) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < length; i++) {
      s.append((char) ('가' + random.nextInt(letters)));
    }
    return s.toString();
  }

  @Test
  void equalsANaiveSearchHoweverTheTextIsCut() {
    Random random = new Random(2);
    int stopped = 0;
    for (int round = 0; round < 20_000; round++) {
      List<String> stops = new ArrayList<>();
      for (int n = random.nextInt(4); n >= 0; n--) {
        stops.add(random(random, 1 + random.nextInt(6), 2));
      }
      String text = random(random, random.nextInt(40), 2 + random.nextInt(3));
      StopStrings matcher = new StopStrings(stops);
      StringBuilder out = new StringBuilder();
      int at = 0;
      while (at < text.length()) {
        int end = Math.min(text.length(), at + random.nextInt(6));
        out.append(matcher.next(text.substring(at, end)));
        at = end;
        if (matcher.stop().isEmpty()) {
          String rest = text.substring(out.length(), at);
          assertThat(text).startsWith(out);
          assertThat(stops)
              .as("held back without need: " + rest)
              .matches(all -> rest.isEmpty() || all.stream().anyMatch(s -> s.startsWith(rest)));
        }
      }
      out.append(matcher.finish());
      Result expected = naive(text, stops);
      assertThat(new Result(out.toString(), matcher.stop().orElse(null))).isEqualTo(expected);
      stopped += expected.stop == null ? 0 : 1;
    }
    assertThat(stopped).isBetween(5_000, 19_000);
  }

  @Test
  void findsAStopAcrossPiecesAndDropsWhatFollows() {
    StopStrings matcher = new StopStrings(List.of("\nUser:"));
    assertThat(matcher.next("좋아요.\nUs")).isEqualTo("좋아요.");
    assertThat(matcher.next("er")).isEmpty();
    assertThat(matcher.stop()).isEmpty();
    assertThat(matcher.next(": 안녕")).isEmpty();
    assertThat(matcher.stop()).hasValue("\nUser:");
    assertThat(matcher.next("more")).isEmpty();
    assertThat(matcher.finish()).isEmpty();
  }

  @Test
  void givesBackWhatOnlyLookedLikeAStop() {
    StopStrings matcher = new StopStrings(List.of("###"));
    assertThat(matcher.next("##")).isEmpty();
    assertThat(matcher.next(" title")).isEqualTo("## title");
    assertThat(matcher.next("#")).isEmpty();
    assertThat(matcher.finish()).isEqualTo("#");
  }

  @Test
  void withoutStopsNothingIsHeldBack() {
    StopStrings matcher = new StopStrings(List.of());
    assertThat(matcher.next("a")).isEqualTo("a");
    assertThat(matcher.finish()).isEmpty();
  }
}
