package org.tokapu.text.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Strings remember where their chars came from, whatever is done to them.
class OriginTests {
  /// The variables hold only Hangul, blanks and quotes; the template writes only ASCII.
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "x", " 가나 \"다라\" 마바 ",
          "y", "한글",
          "xs", List.of("가", "나 다", "라"),
          "d", Map.of("열쇠", Map.of("안", "값")),
          "ms", List.of(Map.of("role", "유저", "content", "  내용 하나 ")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a{{ x }}b",
        "{{ 'a' + x + 'b' }}{{ 'a' ~ x ~ 1 }}{{ y * 3 ~ 'z' * 2 }}",
        "{{ ('a' + x + 'b').strip('a') }}{{ ('  a' ~ x)|trim }}{{ ('q' ~ x).lstrip('q ') }}",
        "{{ ('a' + x + 'b')[1:4] }}{{ ('ab' + y)[::-1] }}{{ ('ab' + y)[-1] }}{{ ('ab' + y)[0] }}",
        "{{ ('a-' + y + '-b').split('-')|join('+') }}{{ ('a ' + x).rsplit(None, 1)[-1] }}",
        "{{ ('a' ~ y)|upper }}{{ ('A' ~ y)|lower }}{{ ('a' ~ y)|title }}{{ ('a' ~ y)|capitalize }}",
        "{{ ('a' ~ y).swapcase() }}{{ ('a b' ~ y).title() }}",
        "{{ ('a-' ~ y)|replace('-', '=') }}{{ 'a-b'|replace('-', y) }}{{ y|replace('한', 'H') }}",
        "{{ xs|join(', ') }}{{ ', '.join(xs) }}{{ ['a', y]|join(y) }}",
        "{{ {'k': x, 'l': [y, 'z']}|tojson }}{{ d|tojson(indent=2) }}{{ xs|tojson }}",
        "{{ xs }}{{ d }}{{ [x, 'a'] }}{{ (y, 1)|string }}",
        "{{ '%s and %5s|%-4s' % (y, y, 'a') }}{{ '{} {:>5} {!r}'.format(y, y, x) }}",
        "{{ 'a%s'|format(y) }}{{ ('%s' ~ y) % 'q' }}",
        "{% macro f(v) %}<{{ v }}>{% endmacro %}{{ f(x) }}{{ f('a')|upper }}",
        "{% macro g() %}[{{ caller(y) }}]{% endmacro %}{% call(v) g() %}c{{ v }}{% endcall %}",
        "{% set b %}a{{ x }}b{% endset %}{{ b|trim }}{% filter upper %}q{{ y }}{% endfilter %}",
        "{% set ns = namespace(t='s') %}{% for v in xs %}{% set ns.t = ns.t ~ v %}{% endfor %}{{ ns.t }}",
        "{% for c in 'a' ~ y %}{{ c }}-{% endfor %}{{ ('a' ~ y)|list }}{{ (y ~ 'a')|first }}",
        "{{ ('a\n' ~ y ~ '\nb')|indent(2) }}{{ ('a' ~ y)|center(20) }}{{ ('a' ~ y).ljust(9, '*') }}",
        "{{ ('<' ~ y ~ '>')|e }}{{ ('a <b>' ~ y ~ '</b>')|striptags }}{{ ('<' ~ y)|safe + '<' }}",
        "{{ ('abc ' ~ y ~ ' def')|truncate(8) }}{{ ('a.' ~ y).partition('.') }}",
        "{{ xs|map('upper')|list }}{{ xs|sort|reverse|list }}{{ ms|map(attribute='role')|join('/') }}",
        "{{ d.keys()|list }}{{ d|items|list }}{{ d|dictsort }}{% for k in d %}{{ k }}{% endfor %}",
        "{{ y if y else 'a' }}{{ none_such|default(y) }}{{ y or 'b' }}{{ xs|batch(2, 'f')|list }}",
        "{{ ms[0].content.strip() }}{{ ms[0]['role'] }}{{ xs|groupby(0)|map(attribute='list')|list }}{{ ('b' ~ y)|string }}",
        "{{ ('a' ~ y).removeprefix('a') }}{{ ('a\t' ~ y).expandtabs(4) }}{{ ('-' ~ y).zfill(9) }}",
        "{{ ('a\nb' ~ y).splitlines() }}{{ xs|unique|max }}{{ xs|join('s') }}{{ y|pprint }}",
      })
  void charsKeepTheirOrigin(String source) {
    Rendered out = Template.parse(source, "origin").render(VARIABLES, Clock.systemUTC());
    assertThat(out.text().chars().anyMatch(c -> c >= 0xac00)).isTrue();
    for (int i = 0; i < out.text().length(); i++) {
      char c = out.text().charAt(i);
      if (c >= 0xac00) {
        assertThat(isForeign(out, i)).as("%s at %d of %s", c, i, out.text()).isTrue();
      } else if (Character.isLetterOrDigit(c)) {
        assertThat(isForeign(out, i)).as("%s at %d of %s", c, i, out.text()).isFalse();
      }
    }
  }

  private static boolean isForeign(Rendered out, int at) {
    for (int i = 0; i < out.foreign().length; i += 2) {
      if (at >= out.foreign()[i] && at < out.foreign()[i + 1]) {
        return true;
      }
    }
    return false;
  }

  @Test
  void rangesAreSortedAndDisjoint() {
    Rendered out =
        Template.parse("{{ x }}{{ y }}-{{ y }}", "t").render(VARIABLES, Clock.systemUTC());
    int first = " 가나 \"다라\" 마바 한글".length();
    assertThat(out.foreign()).containsExactly(0, first, first + 1, first + 3);
  }

  @Test
  void trustedTextIsTheTemplates() {
    Rendered out =
        Template.parse("{{ bos }}{{ x }}{{ bos|upper ~ 'e' }}", "t")
            .render(Map.of("bos", new Trusted("<s>"), "x", "u"), Clock.systemUTC());
    assertThat(out.text()).isEqualTo("<s>u<S>e");
    assertThat(out.foreign()).containsExactly(3, 4);
  }

  @Test
  void escapesOfForeignCharsAreForeign() {
    Rendered out =
        Template.parse("{{ x|tojson }}", "t").render(Map.of("x", "\n<|end|>"), Clock.systemUTC());
    assertThat(out.text()).isEqualTo("\"\\n<|end|>\"");
    assertThat(out.foreign()).containsExactly(1, 10);
  }
}
