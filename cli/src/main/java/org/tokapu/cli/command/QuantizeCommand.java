package org.tokapu.cli.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.Sizes;
import org.tokapu.cli.console.Console;
import org.tokapu.cli.console.Progress;
import org.tokapu.cli.console.Table;
import org.tokapu.model.convert.GgufExport;
import org.tokapu.model.convert.ImportanceFiles;
import org.tokapu.model.file.StoredTensors;
import org.tokapu.model.source.ModelSource;
import org.tokapu.model.source.ModelSources;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.SpinParallel;
import org.tokapu.tensor.quant.QuantFormats;
import org.tokapu.tensor.quant.mix.ImportanceMatrix;
import org.tokapu.tensor.quant.mix.QuantMix;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu quantize`: a smaller model, as a GGUF file.
@Command(name = "quantize")
final class QuantizeCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "IN", descriptionKey = "model")
  String model;

  @Parameters(index = "1", paramLabel = "OUT.gguf", descriptionKey = "out")
  Path out = Path.of("");

  @Parameters(index = "2", paramLabel = "FORMAT", descriptionKey = "mix")
  String format;

  @Option(names = "--imatrix", paramLabel = "FILE")
  @Nullable Path imatrix;

  @Option(names = "--pure")
  boolean pure;

  QuantizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuantMix named = QuantMix.byName(format).orElseThrow(this::unknownFormat);
    QuantMix mix = pure ? named.pure() : named;
    Path path = Models.find(console, model);
    ImportanceMatrix matrix = imatrix == null ? null : ImportanceFiles.load(imatrix);
    try (StoredTensors before = StoredTensors.open(path)) {
      if (before.entries().stream().anyMatch(QuantizeCommand::quantized)) {
        console.say("quantize.again", path);
      }
      write(path, mix, matrix);
      try (StoredTensors after = StoredTensors.open(out)) {
        Table table = new Table("lrr");
        row(table, "quantize.before", before);
        row(table, "quantize.after", after);
        table.print(console.out());
      }
    }
    return 0;
  }

  private void write(Path path, QuantMix mix, @Nullable ImportanceMatrix matrix) {
    try (ModelSource source = ModelSources.open(path);
        Parallel parallel = SpinParallel.ofCores();
        Progress progress = new Progress(console, "quantize " + mix, Progress.Unit.SHARE)) {
      new GgufExport(source, parallel, (done, total, name) -> progress.at(done, total))
          .quantize(mix, matrix)
          .write(out);
    }
  }

  /// Weights in blocks have lost precision already.
  private static boolean quantized(StoredTensors.Entry tensor) {
    return QuantFormats.byName(tensor.type()).filter(f -> f.blockSize() > 1).isPresent();
  }

  private void row(Table table, String key, StoredTensors tensors) {
    double bits = tensors.bytes() * 8.0 / Math.max(1, tensors.elements());
    table.row(
        console.messages().text(key),
        Sizes.bytes(tensors.bytes()),
        console.messages().text("quantize.bits", String.format(Locale.ROOT, "%.2f", bits)));
  }

  private ParameterException unknownFormat() {
    String names = QuantMix.ALL.stream().map(QuantMix::name).collect(Collectors.joining(", "));
    return new ParameterException(
        spec.commandLine(), console.messages().text("quantize.unknown", format, names));
  }
}
