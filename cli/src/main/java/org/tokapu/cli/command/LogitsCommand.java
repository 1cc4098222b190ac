package org.tokapu.cli.command;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.tokapu.cli.console.Console;
import org.tokapu.engine.LanguageModel;
import org.tokapu.engine.ModelOptions;
import org.tokapu.model.Inference;
import org.tokapu.model.TokenBatch;
import org.tokapu.model.file.SafetensorsWriter;
import org.tokapu.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tokapu logits`: what a model computes for some tokens, for comparison with other programs.
@Command(name = "logits")
final class LogitsCommand implements Callable<Integer> {
  private final Console console;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", descriptionKey = "model")
  String model;

  @Option(names = "--ids", required = true, paramLabel = "1,2,3", descriptionKey = "promptIds")
  TokenIds given = new TokenIds(new int[0]);

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.safetensors",
      descriptionKey = "outTensors")
  Path out = Path.of("");

  @Option(names = "--all")
  boolean all;

  @Option(names = "--hidden")
  boolean hidden;

  @Option(names = "--threads", paramLabel = "N")
  int threads;

  LogitsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int[] ids = given.ids();
    SafetensorsWriter tensors = new SafetensorsWriter();
    ModelOptions options =
        Arguments.checked(
            spec, () -> ModelOptions.defaults().withContext(ids.length).withThreads(threads));
    try (LanguageModel open = LanguageModel.open(Models.find(console, model), options)) {
      Inference inference = open.inference();
      TokenBatch batch = TokenBatch.builder().add(ids, null, all ? ids.length : 1).build();
      Map<Integer, float[]> states = new TreeMap<>();
      Tensor logits =
          hidden
              ? inference.logits(batch, (blocks, x) -> states.put(blocks, values(x)))
              : inference.logits(batch);
      tensors.floats("logits", shape(logits), values(logits));
      int dim = inference.model().shape().dim();
      states.forEach(
          (blocks, x) -> tensors.floats("hidden." + blocks, new long[] {ids.length, dim}, x));
    }
    tensors.write(out);
    return 0;
  }

  private static long[] shape(Tensor x) {
    return new long[] {x.rows(), x.cols()};
  }

  private static float[] values(Tensor x) {
    return x.data().toArray(ValueLayout.JAVA_FLOAT);
  }
}
