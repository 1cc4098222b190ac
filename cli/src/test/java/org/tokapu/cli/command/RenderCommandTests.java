package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.cli.Shell;
import org.tokapu.testkit.TestData;

class RenderCommandTests {
  @TempDir Path home;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(home.resolve(name), text);
  }

  @Test
  void printsThePromptAndNothingElse() throws IOException {
    Path template =
        write(
            "t.jinja",
            "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
                + "{% if tools %}<{{ tools[0].function.name }}>{% endif %}"
                + "{% if add_generation_prompt %}[assistant]{% endif %}"
                + "{{ strftime_now('%Y-%m-%d') if dated else '' }}");
    Path messages = write("m.json", "[{\"role\":\"user\",\"content\":\"안녕\"}]");
    Path tools = write("tools.json", "[{\"type\":\"function\",\"function\":{\"name\":\"add\"}}]");
    Path vars = write("vars.json", "{\"bos_token\":\"<s>\",\"dated\":true}");
    Shell shell = Shell.english(home);

    assertThat(shell.run("render", template.toString(), "--messages", messages.toString()))
        .isEqualTo(new Shell.Result(0, "[user]안녕[assistant]", ""));
    assertThat(
            shell.run(
                "render",
                template.toString(),
                "--messages",
                messages.toString(),
                "--tools",
                tools.toString(),
                "--vars",
                vars.toString(),
                "--now",
                "2026-01-31T23:30:00",
                "--no-generation-prompt"))
        .isEqualTo(new Shell.Result(0, "<s>[user]안녕<add>2026-01-31", ""));
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    Path template =
        write(
            "t.jinja",
            "{% for m in messages %}{{ m.content }}{% endfor %}"
                + "{% if refuse %}{{ raise_exception('not like this') }}{% endif %}");
    Path messages = write("m.json", "[{\"role\":\"user\",\"content\":\"x\"}]");
    Path vars = write("vars.json", "{\"refuse\":true}");
    Shell shell = Shell.english(home);
    String file = messages.toString();

    Shell.Result refused =
        shell.run("render", template.toString(), "--messages", file, "--vars", vars.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains("not like this");
    Shell.Result absent = shell.run("render", template.toString(), "--messages", file + "x");
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.err()).contains("m.jsonx");
    Shell.Result object = shell.run("render", template.toString(), "--messages", vars.toString());
    assertThat(object.err()).contains("vars.json").contains("list");
    Shell.Result time =
        shell.run("render", template.toString(), "--messages", file, "--now", "yesterday");
    assertThat(time.code()).isEqualTo(2);
    assertThat(time.err()).contains("yesterday");
  }

  @Test
  void rendersTheTemplatesOfTheFieldAsJinjaDoes() throws IOException {
    Optional<Path> set = TestData.find("templates/rendered.json");
    assumeTrue(set.isPresent(), "SKIPPED: no reference templates");
    Path folder = set.get().getParent();
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (JsonObject template : TestData.json(set.get()).objects("templates")) {
      String source =
          template.text("inline").orElse("").isEmpty()
              ? Files.readString(folder.resolve(template.text("template").orElseThrow()))
              : template.text("inline").orElseThrow();
      Path file = write("t.jinja", source);
      for (JsonObject c : template.objects("cases")) {
        count++;
        compare(template, c, file).ifPresent(wrong::add);
      }
    }
    assertThat(count).isGreaterThan(200);
    assertThat(wrong).isEmpty();
  }

  private Optional<String> compare(JsonObject template, JsonObject c, Path file)
      throws IOException {
    Map<String, @Nullable Object> vars = new LinkedHashMap<>();
    vars.put("bos_token", template.text("bos_token").orElse(""));
    vars.put("eos_token", template.text("eos_token").orElse(""));
    List<String> line = new ArrayList<>(List.of("render", file.toString()));
    line.addAll(List.of("--messages", write("m.json", Json.write(c.list("messages"))).toString()));
    line.addAll(List.of("--vars", write("v.json", Json.write(vars)).toString()));
    line.addAll(List.of("--now", "2026-01-02T03:04:05"));
    if (!c.list("tools").isEmpty()) {
      line.addAll(List.of("--tools", write("tools.json", Json.write(c.list("tools"))).toString()));
    }
    if (!c.flag("add_generation_prompt").orElse(false)) {
      line.add("--no-generation-prompt");
    }
    Shell.Result result = Shell.english(home).run(line.toArray(String[]::new));
    Optional<String> expected = c.text("rendered");
    boolean same =
        expected.isPresent()
            ? result.code() == 0 && result.out().equals(expected.get())
            : result.code() == 1;
    return same
        ? Optional.empty()
        : Optional.of(
            "%s, %s: exit code %d %s"
                .formatted(
                    template.text("template").orElse("inline"),
                    c.text("case").orElse(""),
                    result.code(),
                    result.err()));
  }
}
