package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.base.json.JsonObject;
import org.tokapu.cli.console.Console;
import org.tokapu.engine.ChatFormat;
import org.tokapu.text.chat.ChatRequest;
import org.tokapu.text.chat.ChatTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu render`: the prompt that a chat template makes of messages, and nothing else.
@Command(name = "render")
final class RenderCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL|TEMPLATE.jinja", descriptionKey = "template")
  String model;

  @Option(names = "--messages", required = true, paramLabel = "FILE.json")
  Path messages = Path.of("");

  @Option(names = "--tools", paramLabel = "FILE.json")
  @Nullable Path tools;

  @Option(names = "--vars", paramLabel = "FILE.json")
  @Nullable Path variables;

  @Option(names = "--now", paramLabel = "ISO-TIME")
  @Nullable String now;

  @Option(names = "--no-generation-prompt")
  boolean noGenerationPrompt;

  RenderCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    String time = now;
    Clock clock = time == null ? null : Arguments.checked(spec, () -> clock(time));
    ChatFormat found = ChatFormat.open(Models.find(console, model));
    ChatTemplate template =
        found
            .template()
            .orElseThrow(() -> new TokapuException(console.messages().text("render.none", model)));
    ChatRequest request =
        ChatRequest.ofMaps(objects(messages))
            .withGenerationPrompt(!noGenerationPrompt)
            .withSpecialTokens(found.specialTokens());
    if (tools != null) {
      request = request.withTools(objects(tools));
    }
    if (variables != null) {
      byte[] json = InputFiles.bytes(variables);
      for (Map.Entry<String, @Nullable Object> e :
          Json.parseObject(json, variables.toString()).map().entrySet()) {
        request = request.withVariable(e.getKey(), e.getValue());
      }
    }
    if (clock != null) {
      request = request.at(clock);
    }
    console.out().print(template.render(request).text());
    return 0;
  }

  private static List<Map<String, @Nullable Object>> objects(Path file) throws IOException {
    if (Json.parse(InputFiles.bytes(file), file.toString()) instanceof List<?> list) {
      List<Map<String, @Nullable Object>> out = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        Map<String, @Nullable Object> item =
            JsonObject.of(list.get(i), file.toString(), "[" + i + "]").map();
        out.add(new LinkedHashMap<>(item));
      }
      return out;
    }
    throw new ModelFormatException(file.toString(), "JSON", "should be a list of objects");
  }

  /// Takes a time with or without a zone, or a date alone.
  private static Clock clock(String text) {
    try {
      ZonedDateTime time =
          switch (DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text.indexOf('T') < 0 ? text + "T00:00:00" : text,
              ZonedDateTime::from,
              LocalDateTime::from)) {
            case ZonedDateTime zoned -> zoned;
            case TemporalAccessor local -> LocalDateTime.from(local).atZone(ZoneId.systemDefault());
          };
      return Clock.fixed(time.toInstant(), time.getZone());
    } catch (DateTimeException e) {
      throw new TokapuException(
          "--now takes an ISO time such as 2026-01-31T09:00:00, not " + text, e);
    }
  }
}
