package org.tokapu.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Progress;
import org.tokapu.model.synth.SynthModel;
import org.tokapu.model.synth.SynthShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu synth`: a model of a real shape with random weights.
@Command(name = "synth")
final class SynthCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SHAPE", descriptionKey = "shape")
  String shape;

  @Parameters(index = "1", paramLabel = "OUT.gguf", descriptionKey = "out")
  Path out;

  @Option(names = "--format", required = true, paramLabel = "F")
  String format = "";

  @Option(names = "--seed", paramLabel = "S")
  long seed;

  @Option(names = "--tokenizer", paramLabel = "FILE")
  @Nullable Path tokenizer;

  SynthCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SynthShape wanted = Arguments.checked(spec, () -> SynthShape.byName(shape));
    try (Progress progress = new Progress(console, "synth " + shape, Progress.Unit.SHARE)) {
      SynthModel.write(
          wanted,
          format,
          seed,
          Optional.ofNullable(tokenizer),
          out,
          done -> progress.at(done, 1_000_000));
    }
    return 0;
  }
}
