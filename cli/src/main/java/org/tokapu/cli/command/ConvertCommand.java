package org.tokapu.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.tokapu.base.Sizes;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Progress;
import org.tokapu.model.convert.GgufExport;
import org.tokapu.model.convert.HfExport;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.SpinParallel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tokapu convert`: a model in the other kind of file, weights unchanged.
@Command(name = "convert")
final class ConvertCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "IN", descriptionKey = "model")
  String model;

  @Parameters(index = "1", paramLabel = "OUT", descriptionKey = "convertOut")
  Path out = Path.of("");

  ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    boolean gguf = String.valueOf(out.getFileName()).endsWith(".gguf");
    try (ModelSource source = ModelSources.open(Models.find(console, model));
        Parallel parallel = SpinParallel.ofCores();
        Progress progress = new Progress(console, "convert", Progress.Unit.SHARE)) {
      if (gguf) {
        new GgufExport(source, parallel, (done, total, name) -> progress.at(done, total))
            .write(out);
      } else {
        new HfExport(source, parallel, (done, total, name) -> progress.at(done, total)).write(out);
      }
    }
    console.say("convert.done", out, Sizes.bytes(bytes(out)));
    return 0;
  }

  private static long bytes(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return Files.size(path);
    }
    long sum = 0;
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
