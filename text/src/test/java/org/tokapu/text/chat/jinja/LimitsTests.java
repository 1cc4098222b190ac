package org.tokapu.text.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.TokapuException;

/// Hostile templates end with a clear error: no hang, no exhausted memory, no overflow.
class LimitsTests {
  private static final String DOUBLE = "{% set ns = namespace(x='aaaaaaaa') %}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{{ range(10**9)|length }}",
        "{{ 'a' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{{ 10**(10**9) }}",
        "{{ 2**(2**40) }}",
        "{% set ns = namespace(x=7) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
        DOUBLE + "{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        DOUBLE + "{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        DOUBLE + "{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        DOUBLE
            + "{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}",
        DOUBLE
            + "{% set m = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}"
            + "{% set m.x = [m.x, m.x] %}{% endfor %}{{ ns.x == m.x }}{{ ns.x in [m.x] }}"
            + "{{ [ns.x, ns.x]|unique|list }}",
        DOUBLE + "{% for i in range(99) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}",
        DOUBLE + "{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
        DOUBLE + "{% for i in range(99) %}{% set ns.x = ns.x|replace('a', 'aa') %}{% endfor %}",
        DOUBLE + "{% for i in range(99) %}{% set ns.x = ns.x|join(ns.x) %}{% endfor %}",
        DOUBLE
            + "{% for i in range(99) %}{% set ns.x = ns.x|escape|upper|tojson %}{% endfor %}"
            + "{% for i in range(99) %}{% set ns.x = ns.x|tojson|tojson|tojson %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
        "{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f() %}{{ g() }}{% endcall %}"
            + "{% endmacro %}{{ g() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ 'a'.center(10**9) }}",
        "{{ 'a'.ljust(10**9) }}",
        "{{ 'a'.zfill(10**9) }}",
        "{{ '\\t'.expandtabs(10**9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (10**9, 1) }}{{ 'x' * 10**8 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{:.999999999f}'.format(1.0) }}",
        "{{ 'a'|indent(10**9, true) }}",
        "{{ 'a'|center(10**9) }}",
        "{{ [1]|batch(10**9, 0)|list }}",
        "{{ [1]|slice(10**9)|list }}",
        "{{ [[[[1]]]]|tojson(indent=10**9) }}",
        "{% set s = 'a' * 1000000 %}{% for i in range(99999) %}{{ s == s ~ '' }}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{{ s.find('a' * 500000 + 'b') }}",
        "{% set s = 'a' * 1000000 %}{{ ('a' * 500000 + 'b') in s }}",
        "{% set s = 'a' * 1000000 %}{% for i in range(99999) %}{% if s.split('b') %}{% endif %}{% endfor %}",
        "{% set s = 'a' * 1000000 %}{% for i in range(99999) %}{% if s[-1] %}{% endif %}{% endfor %}",
        "{% set s = '😀' * 1000000 %}{% for i in range(999) %}{{ s[::-1]|length }}{% endfor %}",
        "{{ strftime_now('%c' * 1000000) }}",
      })
  void hostileTemplatesAreStopped(String source) {
    assertThatThrownBy(() -> render(source)).isInstanceOf(JinjaException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{1:", "-", "not (", "f(", "x[", "a if b else (", "{{"})
  void deepExpressionsAreRefused(String open) {
    assertThatThrownBy(() -> Template.parse("{{ " + open.repeat(50_000), "deep"))
        .isInstanceOf(JinjaException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{% if 1 %}", "{% for a in b %}", "{% macro m() %}", "{% set x %}"})
  void deepBlocksAreRefused(String open) {
    assertThatThrownBy(() -> Template.parse(open.repeat(20_000), "deep"))
        .isInstanceOf(JinjaException.class)
        .hasMessageContaining("nested deeper");
  }

  @ParameterizedTest
  @ValueSource(strings = {" + 1", " ~ 1", " and 1", " * 1", " == 1", "|abs", "[0]", ".a", " or 1"})
  void longChainsAreNoNesting(String link) {
    String source = "{{ 1" + link.repeat(20_000) + " }}";
    Throwable thrown = catchThrowable(() -> render(source));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(JinjaException.class).hasMessageNotContaining("deep");
    }
  }

  @Test
  void theDeepestNestingFitsASmallStack() throws InterruptedException {
    String level = "{{ ((((((((((((((((((((f(n - 1)))))))))))))))))))))) }}";
    String source =
        "{% macro f(n) %}{% if n > 0 %}{% for a in [1] %}{% if a %}"
            + level
            + "{% endif %}{% endfor %}{% endif %}{% endmacro %}{{ f(99999) }}";
    List<Throwable> thrown = new ArrayList<>();
    Thread thread =
        new Thread(
            null, () -> thrown.add(catchThrowable(() -> render(source))), "small", 512 << 10);
    thread.start();
    thread.join();
    assertThat(thrown).singleElement().isInstanceOf(JinjaException.class);
  }

  @Test
  void cyclicVariablesAreRefused() {
    Map<String, Object> cycle = new HashMap<>();
    cycle.put("self", cycle);
    assertThatThrownBy(() -> Template.parse("x", "t").render(Map.of("a", cycle), Clock.systemUTC()))
        .isInstanceOf(TokapuException.class);
  }

  @Test
  void longConversationsAreNoAttack() {
    List<Object> messages = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      messages.add(Map.of("role", "user", "content", "한글 text ".repeat(200)));
    }
    String source =
        "{% for m in messages %}{% set c = m.content|trim %}"
            + "{% if '</think>' in c %}{% set c = c.split('</think>')[-1] %}{% endif %}"
            + "{{ m.role ~ ': ' + c.strip() + '\\n' }}{% endfor %}";
    Rendered out =
        Template.parse(source, "long").render(Map.of("messages", messages), Clock.systemUTC());
    assertThat(out.text()).hasSizeGreaterThan(2_000 * 8 * 200);
  }

  @Test
  void errorsNameTemplateAndLine() {
    assertThatThrownBy(() -> Template.parse("a\n\n{{ 1 + }}", "my.jinja"))
        .hasMessageStartingWith("my.jinja:3: ");
    assertThatThrownBy(() ->
            Template.parse("{% if 1 %}\n{{ nope.x }}\n{% endif %}", "my.jinja")
                .render(Map.of(), Clock.systemUTC()))
        .hasMessage("my.jinja:2: 'nope' is undefined");
  }

  private static Rendered render(String source) {
    return Template.parse(source, "hostile").render(Map.of(), Clock.systemUTC());
  }
}
