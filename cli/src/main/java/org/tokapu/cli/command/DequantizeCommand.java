package org.tokapu.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tokapu.cli.console.Console;
import org.tokapu.model.file.SafetensorsWriter;
import org.tokapu.model.file.StoredTensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tokapu dequantize`: one tensor of a model as float32.
@Command(name = "dequantize")
final class DequantizeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(index = "0", paramLabel = "IN", descriptionKey = "model")
  String model;

  @Parameters(index = "1", paramLabel = "TENSOR", descriptionKey = "tensor")
  String tensor;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.safetensors",
      descriptionKey = "outTensors")
  Path out = Path.of("");

  DequantizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (StoredTensors tensors = StoredTensors.open(Models.find(console, model))) {
      new SafetensorsWriter()
          .floats(tensor, tensors.entry(tensor).shape(), tensors.floats(tensor))
          .write(out);
    }
    return 0;
  }
}
