package org.tokapu.cli.command;

import org.jspecify.annotations.Nullable;
import org.tokapu.engine.sampling.SamplingParams;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options that say how tokens are chosen.
final class SamplingOptions {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(names = "--temp", paramLabel = "T")
  @Nullable Double temperature;

  @Option(names = "--top-k", paramLabel = "K")
  @Nullable Integer topK;

  @Option(names = "--top-p", paramLabel = "P")
  @Nullable Double topP;

  @Option(names = "--min-p", paramLabel = "P")
  @Nullable Double minP;

  @Option(names = "--seed", paramLabel = "S")
  @Nullable Long seed;

  @Option(names = "--ignore-eos")
  boolean ignoreEos;

  /// Returns the parameters, the defaults where nothing was said.
  SamplingParams params(int maxTokens) {
    return Arguments.checked(spec, () -> unchecked(maxTokens));
  }

  private SamplingParams unchecked(int maxTokens) {
    SamplingParams out =
        SamplingParams.defaults().withMaxTokens(maxTokens).withIgnoreEos(ignoreEos);
    if (temperature != null) {
      out = out.withTemperature(temperature);
    }
    if (topK != null) {
      out = out.withTopK(topK);
    }
    if (topP != null) {
      out = out.withTopP(topP);
    }
    if (minP != null) {
      out = out.withMinP(minP);
    }
    return seed == null ? out : out.withSeed(seed);
  }
}
