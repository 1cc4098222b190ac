package org.tokapu.engine.sampling;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.tokapu.base.TokapuException;

/// The list of all steps, in the order in which they are applied by default.
///
/// A new step is a file with a factory and a line here.
public final class Samplers {
  /// Makes a step, or nothing if the parameters leave it off.
  @FunctionalInterface
  public interface Factory {
    /// Makes the step for one generation.
    Optional<SamplingStep> create(SamplingParams params, SamplingContext context);
  }

  /// A step by its name.
  public record Entry(String name, Factory factory) {}

  /// What changes logits; always first, since it needs the whole vocabulary.
  public static final List<Entry> PROCESSORS =
      List.of(
          new Entry("logit_bias", LogitBias::of),
          new Entry("banned_tokens", BannedTokens::of),
          new Entry("ignore_eos", BannedTokens::ofIgnoredEos),
          new Entry("min_tokens", MinTokens::of),
          new Entry("repetition_penalty", RepetitionPenalty::of),
          new Entry("frequency_presence", FrequencyPresencePenalty::of),
          new Entry("dry", Dry::of));

  /// What reshapes the candidates; [SamplingParams#samplers] may order them otherwise.
  public static final List<Entry> SAMPLERS =
      List.of(
          new Entry("top_k", TopK::of),
          new Entry("typical_p", TypicalP::of),
          new Entry("top_p", TopP::of),
          new Entry("min_p", MinP::of),
          new Entry("xtc", Xtc::of),
          new Entry("temperature", Temperature::of));

  /// What decides; always last.
  public static final List<Entry> DECIDERS =
      List.of(new Entry("mirostat", MirostatV2::of), new Entry("greedy", Greedy::of));

  private Samplers() {}

  /// Returns the steps that the parameters switch on, in order.
  static List<SamplingStep> create(SamplingParams params, SamplingContext context) {
    List<Entry> entries = new ArrayList<>(PROCESSORS);
    if (params.samplers().isEmpty()) {
      entries.addAll(SAMPLERS);
    } else {
      params.samplers().forEach(name -> entries.add(sampler(name)));
    }
    entries.addAll(DECIDERS);
    List<SamplingStep> steps = new ArrayList<>();
    for (Entry entry : entries) {
      entry.factory().create(params, context).ifPresent(steps::add);
    }
    return steps;
  }

  /// Checks that `names` are samplers, each once.
  static void checkOrder(List<String> names) {
    names.forEach(Samplers::sampler);
    if (new HashSet<>(names).size() != names.size()) {
      throw new TokapuException("samplers must name each sampler at most once, are " + names);
    }
  }

  private static Entry sampler(String name) {
    for (Entry entry : SAMPLERS) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    throw new TokapuException(
        "samplers must be among "
            + SAMPLERS.stream().map(Entry::name).toList()
            + ", one is \""
            + name
            + "\"");
  }
}
