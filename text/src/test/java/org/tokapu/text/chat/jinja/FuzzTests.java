package org.tokapu.text.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;

/// Broken and random templates: whatever comes in, a text or a [TokapuException] comes out.
class FuzzTests {
  private static final List<JsonObject> SEEDS = seeds();
  private static final List<String> WORDS = words();

  private static List<JsonObject> seeds() {
    List<JsonObject> all = new ArrayList<>(TestData.json("golden/jinja.json").objects("cases"));
    all.addAll(TestData.json("golden/jinja-more.json").objects("cases"));
    return all;
  }

  private static List<String> words() {
    List<String> words =
        new ArrayList<>(
            List.of(
                "{{",
                "}}",
                "{%",
                "%}",
                "{%-",
                "-%}",
                "{#",
                "#}",
                "if",
                "endif",
                "else",
                "elif",
                "for",
                "endfor",
                "in",
                "is",
                "not",
                "and",
                "or",
                "set",
                "endset",
                "macro",
                "endmacro",
                "call",
                "endcall",
                "filter",
                "endfilter",
                "with",
                "endwith",
                "raw",
                "endraw",
                "break",
                "continue",
                "recursive",
                "loop",
                "x",
                "xs",
                "d",
                "m",
                "ns",
                "(",
                ")",
                "[",
                "]",
                "{",
                "}",
                ".",
                ",",
                ":",
                "|",
                "~",
                "+",
                "-",
                "*",
                "/",
                "//",
                "%",
                "**",
                "==",
                "<",
                "=",
                "'a'",
                "\"한\"",
                "0",
                "1",
                "-1",
                "2.5",
                "9999999999",
                "none",
                "true",
                "range",
                "namespace",
                "dict",
                "\n",
                " ",
                "'%s'",
                "'{}'",
                ".format",
                "[::-1]"));
    Filters.ALL.keySet().stream().sorted().map(f -> "|" + f).forEach(words::add);
    Tests.ALL.keySet().stream().sorted().map(t -> " is " + t + " ").forEach(words::add);
    for (String method :
        List.of(
            "split",
            "strip",
            "replace",
            "join",
            "find",
            "title",
            "center",
            "items",
            "get",
            "keys",
            "partition",
            "splitlines",
            "zfill",
            "expandtabs",
            "count",
            "index",
            "rsplit")) {
      words.add("." + method);
      words.add("." + method + "()");
    }
    return words;
  }

  static IntStream rounds() {
    return IntStream.range(0, 20);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void mutatedSnippets(int round) {
    Random random = new Random(7_000 + round);
    for (int i = 0; i < 400; i++) {
      JsonObject seed = SEEDS.get(random.nextInt(SEEDS.size()));
      StringBuilder source = new StringBuilder(seed.text("template").orElseThrow());
      for (int n = random.nextInt(1, 5); n > 0; n--) {
        mutate(source, random);
      }
      survives(source.toString(), seed.object("context").orElseThrow().map());
    }
  }

  private static void mutate(StringBuilder source, Random random) {
    int at = random.nextInt(source.length() + 1);
    switch (random.nextInt(4)) {
      case 0 -> source.insert(at, WORDS.get(random.nextInt(WORDS.size())));
      case 1 -> source.delete(at, Math.min(source.length(), at + random.nextInt(1, 6)));
      case 2 -> {
        int from = random.nextInt(source.length() + 1);
        int to = Math.min(source.length(), from + random.nextInt(1, 20));
        source.insert(at, source.substring(from, to));
      }
      default -> {
        if (at < source.length()) {
          source.setCharAt(at, "{}%#()[]'\"|.~-+*/0aA 한\n\ud83d".charAt(random.nextInt(24)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void tokenSoup(int round) {
    Random random = new Random(8_000 + round);
    Map<String, @Nullable Object> context =
        Map.of("x", "a b-c", "xs", List.of(1L, "b", List.of(), 2.5), "d", Map.of("k", "v"));
    for (int i = 0; i < 400; i++) {
      StringBuilder source = new StringBuilder(random.nextBoolean() ? "{{ x" : "{% set ns = ");
      for (int n = random.nextInt(1, 14); n > 0; n--) {
        source.append(WORDS.get(random.nextInt(WORDS.size())));
        source.append(random.nextInt(4) == 0 ? " " : "");
      }
      source.append(source.charAt(1) == '{' ? " }}" : " %}{{ ns }}");
      survives(source.toString(), context);
    }
  }

  private static void survives(String source, Map<String, @Nullable Object> context) {
    try {
      Rendered out = Template.parse(source, "fuzz").render(context, Clock.systemUTC());
      int before = 0;
      for (int place : out.foreign()) {
        assertThat(place).as(source).isBetween(before, out.text().length());
        before = place;
      }
    } catch (TokapuException expected) {
      assertThat(expected).hasMessageStartingWith("fuzz");
    } catch (RuntimeException | Error e) {
      throw new AssertionError("template: " + source, e);
    }
  }
}
