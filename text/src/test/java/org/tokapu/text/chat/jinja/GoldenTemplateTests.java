package org.tokapu.text.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokapu.base.json.JsonObject;
import org.tokapu.testkit.TestData;

/// Snippets against what Python's jinja2 renders, or the error it raises.
class GoldenTemplateTests {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-03-04T15:06:07Z"), ZoneOffset.UTC);

  static Stream<Arguments> cases() {
    return Stream.of("golden/jinja.json", "golden/jinja-more.json")
        .flatMap(file -> TestData.json(file).objects("cases").stream())
        .map(c -> Arguments.of(c.text("name").orElseThrow(), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void rendersAsJinja2Does(String name, JsonObject c) {
    if (c.has("rendered")) {
      assertThat(render(c).text()).isEqualTo(c.text("rendered").orElseThrow());
      return;
    }
    JinjaException e = catchThrowableOfType(JinjaException.class, () -> render(c));
    assertThat(e).isNotNull();
    assertThat(e.line()).isPositive();
    boolean raised = c.text("error").orElseThrow().equals("TemplateError");
    assertThat(e.raised()).isEqualTo(raised);
    if (raised) {
      assertThat(e.problem()).isEqualTo(c.text("message").orElseThrow());
    }
  }

  private static Rendered render(JsonObject c) {
    Map<String, @Nullable Object> context = c.object("context").orElseThrow().map();
    return Template.parse(c.text("template").orElseThrow(), "snippet").render(context, CLOCK);
  }
}
