package org.tokapu.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tokapu.text.SpecialScope;

class SpecialMatcherTests {
  private static List<String> all(SpecialMatcher matcher, String text, SpecialScope scope) {
    List<String> out = new ArrayList<>();
    int at = 0;
    while (true) {
      SpecialMatcher.Match match = matcher.find(text, at, scope);
      if (match == null) {
        return out;
      }
      out.add(match.start() + "-" + match.end() + ":" + match.token().id());
      at = match.end();
    }
  }

  @Test
  void findsTheLongestAtTheLeftmostPlace() {
    SpecialMatcher matcher =
        new SpecialMatcher(
            List.of(
                AddedToken.special("<a>", 1),
                AddedToken.special("<a><b>", 2),
                AddedToken.special("<b>", 3),
                AddedToken.plain("한국", 4)));
    assertThat(all(matcher, "x<a><b>y<b><a> 한국어<a", SpecialScope.ALL))
        .containsExactly("1-7:2", "8-11:3", "11-14:1", "15-17:4");
    assertThat(all(matcher, "x<a><b>y<b><a> 한국어<a", SpecialScope.NONE)).containsExactly("15-17:4");
  }

  @Test
  void asksTheScopeForEachPlace() {
    SpecialMatcher matcher =
        new SpecialMatcher(List.of(AddedToken.special("<a>", 1), AddedToken.plain("<a", 2)));
    SpecialScope late = (start, _) -> start >= 3;
    assertThat(all(matcher, "<a><a>", late)).containsExactly("0-2:2", "3-6:1");
  }

  @Test
  void takesSpaceAlongButNeverWhatIsTaken() {
    SpecialMatcher matcher =
        new SpecialMatcher(
            List.of(
                new AddedToken("<l>", 1, true, true, false, false, false),
                new AddedToken("<r>", 2, true, false, true, false, false)));
    assertThat(all(matcher, "a \t<l> <r>  <l>\u3000b", SpecialScope.ALL))
        .containsExactly("1-6:1", "7-12:2", "12-15:1");
  }

  @Test
  void singleWordsStandAlone() {
    SpecialMatcher matcher =
        new SpecialMatcher(List.of(new AddedToken("go", 1, false, false, false, true, false)));
    assertThat(all(matcher, "go, ago goo go_ 한go go", SpecialScope.NONE))
        .containsExactly("0-2:1", "20-22:1");
  }

  @Test
  void nothingToFind() {
    assertThat(new SpecialMatcher(List.of()).find("<a>", 0, SpecialScope.ALL)).isNull();
    assertThat(new SpecialMatcher(List.of()).isEmpty()).isTrue();
  }
}
