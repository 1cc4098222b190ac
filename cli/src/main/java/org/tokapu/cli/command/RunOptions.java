package org.tokapu.cli.command;

import org.tokapu.engine.ModelOptions;
import picocli.CommandLine.Option;

/// The options that say how a model is opened.
final class RunOptions {
  @Option(names = "--ctx", paramLabel = "N")
  int context;

  @Option(names = "--threads", paramLabel = "N")
  int threads;

  /// Returns what they say.
  ModelOptions model() {
    return ModelOptions.defaults().withContext(context).withThreads(threads);
  }
}
