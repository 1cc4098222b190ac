package org.tokapu.cli.command;

import org.tokapu.engine.ModelOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options that say how a model is opened.
final class RunOptions {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(names = "--ctx", paramLabel = "N")
  int context;

  @Option(names = "--threads", paramLabel = "N")
  int threads;

  /// Returns what they say.
  ModelOptions model() {
    return Arguments.checked(
        spec, () -> ModelOptions.defaults().withContext(context).withThreads(threads));
  }
}
