package org.tokapu.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokapu.cli.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tokapu rehearse`: runs the usual commands once on a tiny model, so that the AOT cache that the
/// launcher makes of this process knows the code that they need. Hidden from users.
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "FOLDER", descriptionKey = "folder")
  Path folder;

  RehearseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path model = folder.resolve("rehearsal.gguf");
    try {
      for (List<String> line : lines(model.toString())) {
        Commands.run(silent(), line.toArray(String[]::new));
      }
    } finally {
      Files.deleteIfExists(model);
    }
    return 0;
  }

  private static List<List<String>> lines(String model) {
    List<List<String>> out = new ArrayList<>();
    out.add(List.of("version"));
    out.add(List.of("--help"));
    out.add(List.of("doctor"));
    out.add(List.of("synth", "tiny", model, "--format", "Q4_0"));
    out.add(List.of("inspect", model));
    out.add(List.of("tokenize", model, "--json", "Hello, 세계"));
    out.add(List.of("list"));
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      out.add(List.of("run", model, "-p", "Hello, 세계", "-n", "8"));
      out.add(List.of("run", model, "--prompt-ids", "1,300,400", "-n", "8", "--ids"));
    }
    return out;
  }

  private Console silent() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Console(
        InputStream.nullInputStream(),
        nowhere,
        nowhere,
        false,
        console.messages(),
        console.environment());
  }
}
