package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.base.json.Json;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Table;
import org.tokapu.text.Encoding;
import org.tokapu.text.SpecialScope;
import org.tokapu.text.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu tokenize`: a text as tokens, and back.
@Command(name = "tokenize")
final class TokenizeCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "tokenizerModel")
  String model;

  @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", descriptionKey = "text")
  @Nullable String text;

  @Option(names = "--no-special")
  boolean noSpecial;

  @Option(names = "--ids")
  boolean idsOnly;

  @Option(names = "--json")
  boolean json;

  @Option(names = "--decode", paramLabel = "IDS")
  @Nullable TokenIds decode;

  TokenizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if ((text == null) == (decode == null)) {
      throw new ParameterException(
          spec.commandLine(), console.messages().text("tokenize.textOrIds"));
    }
    if (idsOnly && json) {
      throw new ParameterException(
          spec.commandLine(), console.messages().text("usage.exclusive", "--ids", "--json"));
    }
    Path path = Models.find(console, model);
    Tokenizer tokenizer = TokenizerFiles.open(path);
    if (decode != null) {
      check(decode.ids(), tokenizer);
      console.out().println(tokenizer.decode(decode.ids()));
    } else if (text != null) {
      print(
          tokenizer,
          text.equals("-") ? InputFiles.text(console.in().readAllBytes(), "standard input") : text);
    }
    return 0;
  }

  private static void check(int[] ids, Tokenizer tokenizer) {
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.vocabularySize()) {
        throw new TokapuException(
            "token id %d is outside the vocabulary; ids lie in 0..%d"
                .formatted(id, tokenizer.vocabularySize() - 1));
      }
    }
  }

  private void print(Tokenizer tokenizer, String input) {
    if (json) {
      json(tokenizer, input);
    } else if (idsOnly) {
      console.out().println(new TokenIds(ids(tokenizer, input)));
    } else {
      table(tokenizer, ids(tokenizer, input));
    }
  }

  private int[] ids(Tokenizer tokenizer, String input) {
    return noSpecial ? tokenizer.encode(input) : tokenizer.encodePrompt(input, SpecialScope.NONE);
  }

  private void table(Tokenizer tokenizer, int[] ids) {
    Table table = new Table("rl");
    for (int id : ids) {
      table.row(Integer.toString(id), tokenizer.piece(id).replace("\n", "\\n"));
    }
    table.print(console.out());
  }

  private void json(Tokenizer tokenizer, String input) {
    Encoding encoding = tokenizer.encodeWithOffsets(input, SpecialScope.NONE, !noSpecial);
    List<String> pieces = new ArrayList<>();
    for (int id : encoding.ids()) {
      pieces.add(tokenizer.piece(id));
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("ids", encoding.ids());
    out.put("pieces", pieces);
    out.put("starts", encoding.starts());
    out.put("ends", encoding.ends());
    console.out().println(Json.write(out));
  }
}
