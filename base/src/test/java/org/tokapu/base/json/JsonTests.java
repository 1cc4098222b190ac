package org.tokapu.base.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.ModelFormatException;

class JsonTests {
  @Test
  void valuesComeBackAsTheyWere() {
    String text = "{\"b\":[1,2.5,true,null,\"한글\"],\"a\":{\"n\":9007199254740993}}";
    Object value = Json.parse(text, "x");
    assertThat(Json.write(value)).isEqualTo(text);
    assertThat(value)
        .isEqualTo(
            Map.of(
                "b",
                java.util.Arrays.asList(1L, 2.5, true, null, "한글"),
                "a",
                Map.of("n", 9007199254740993L)));
    assertThat(Json.parse(Json.writePretty(value), "x")).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "1 2", "nul", "\"\\ud800"})
  void brokenTextNamesItsFile(String text) {
    assertThatThrownBy(() -> Json.parse(text, "c.json"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("c.json");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000), "c.json"))
        .isInstanceOf(ModelFormatException.class);
  }

  @Test
  void accessorsNameThePath() {
    JsonObject object = JsonObject.of(Json.parse("{\"a\":{\"b\":\"x\"},\"l\":[{}]}", "f"), "f", "");
    assertThatThrownBy(() -> object.object("a").orElseThrow().integer("b"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("f: a.b: should be an integer, is the string \"x\"");
    assertThat(object.objects("l")).hasSize(1);
    assertThat(object.list("none")).isEqualTo(List.of());
    assertThat(object.text("none")).isEmpty();
  }
}
