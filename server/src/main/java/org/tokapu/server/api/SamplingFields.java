package org.tokapu.server.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.sampling.DryParams;
import org.tokapu.engine.sampling.MirostatParams;
import org.tokapu.engine.sampling.Penalties;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.engine.sampling.TokenRules;
import org.tokapu.engine.sampling.Truncation;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.RequestBody;

/// Reads how tokens are to be chosen: OpenAI's fields, and those of llama.cpp beside them.
///
/// What is absent has OpenAI's default: temperature 1, top-p 1, nothing else.
final class SamplingFields {
  private static final int MAX_STOPS = 4;
  private static final long INT = Integer.MAX_VALUE;

  private final RequestBody body;
  private final int vocabulary;

  private SamplingFields(RequestBody body, int vocabulary) {
    this.body = body;
    this.vocabulary = vocabulary;
  }

  /// Takes all of these fields.
  ///
  /// @throws ApiError 400 naming the field that is wrong
  static SamplingParams read(RequestBody body, int vocabulary) {
    return new SamplingFields(body, vocabulary).read();
  }

  private SamplingParams read() {
    SamplingParams params =
        SamplingParams.plain()
            .withTemperature(number("temperature", 0, 2, 1))
            .with(truncation())
            .with(penalties());
    params = checked("dry_multiplier", params, p -> p.with(dry()));
    params = mirostat(params);
    params = params.with(rules());
    if (body.has("samplers")) {
      List<String> names = body.texts("samplers").orElse(List.of());
      params = checked("samplers", params, p -> p.withSamplers(names));
    }
    if (body.has("seed")) {
      params = params.withSeed(body.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0));
    } else {
      body.ignore("seed");
    }
    List<String> stops = stops();
    params = checked("stop", params, p -> p.withStop(stops.toArray(String[]::new)));
    return params
        .withIgnoreEos(body.flag("ignore_eos").orElse(false))
        .withMinTokens(integer("min_tokens", 0, INT, 0));
  }

  private Truncation truncation() {
    return new Truncation(
        integer("top_k", 0, INT, 0),
        number("typical_p", 0, 1, 1),
        number("top_p", 0, 1, 1),
        number("min_p", 0, 1, 0),
        number("xtc_probability", 0, 1, 0),
        number("xtc_threshold", 0, 1, 0.1));
  }

  private Penalties penalties() {
    String repetition = body.has("repetition_penalty") ? "repetition_penalty" : "repeat_penalty";
    if (body.has("repetition_penalty") && body.has("repeat_penalty")) {
      throw body.wrong(
          "repeat_penalty",
          "invalid_value",
          "Give 'repetition_penalty' or 'repeat_penalty', not both.");
    }
    body.ignore("repetition_penalty", "repeat_penalty");
    return new Penalties(
        number(repetition, 0.01, 100, 1),
        number("frequency_penalty", -2, 2, 0),
        number("presence_penalty", -2, 2, 0),
        integer("repeat_last_n", -1, INT, -1));
  }

  private DryParams dry() {
    DryParams none = DryParams.NONE;
    return new DryParams(
        number("dry_multiplier", 0, 100, none.multiplier()),
        number("dry_base", 1, 100, none.base()),
        integer("dry_allowed_length", 1, INT, none.allowedLength()),
        integer("dry_penalty_last_n", -1, INT, none.window()),
        body.texts("dry_sequence_breakers").orElse(none.breakers()));
  }

  private SamplingParams mirostat(SamplingParams params) {
    int version = integer("mirostat", 0, 2, 0);
    double tau = number("mirostat_tau", 0, 100, MirostatParams.DEFAULT.tau());
    double eta = number("mirostat_eta", 0, 1, MirostatParams.DEFAULT.eta());
    if (version == 1) {
      throw body.wrong(
          "mirostat", "unsupported_value", "Mirostat 1 is not supported; 2 replaces it.");
    }
    return version == 0 ? params : params.with(new MirostatParams(tau, eta));
  }

  private List<String> stops() {
    List<String> stops = body.texts("stop").orElse(List.of());
    if (stops.size() > MAX_STOPS) {
      throw body.wrong(
          "stop",
          "array_above_max_length",
          "Invalid 'stop': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
              .formatted(MAX_STOPS, stops.size()));
    }
    return stops;
  }

  private TokenRules rules() {
    Map<Integer, Float> bias = new HashMap<>();
    Set<Integer> banned = new HashSet<>();
    switch (body.any("logit_bias")) {
      case null -> {}
      case Map<?, ?> map ->
          map.forEach((id, value) -> bias(id(String.valueOf(id)), value, bias, banned));
      case List<?> pairs -> {
        for (Object pair : pairs) {
          if (!(pair instanceof List<?> two) || two.size() != 2) {
            throw body.wrong(
                "logit_bias", "invalid_type", "A list for 'logit_bias' holds pairs [id, bias].");
          }
          bias(id(String.valueOf(two.get(0))), two.get(1), bias, banned);
        }
      }
      default -> throw body.wrongType("logit_bias", "an object from token ids to numbers");
    }
    return new TokenRules(bias, banned);
  }

  private int id(String text) {
    try {
      int id = Integer.parseInt(text);
      if (id >= 0 && id < vocabulary) {
        return id;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw body.wrong(
        "logit_bias",
        "invalid_value",
        "Invalid key in 'logit_bias': '%s'. Token ids of this model are 0 to %d."
            .formatted(text.length() > 30 ? text.substring(0, 30) + "..." : text, vocabulary - 1));
  }

  private void bias(int id, @Nullable Object value, Map<Integer, Float> bias, Set<Integer> banned) {
    if (Boolean.FALSE.equals(value)) {
      banned.add(id);
    } else if (value instanceof Number number && Math.abs(number.doubleValue()) <= 100) {
      bias.put(id, number.floatValue());
    } else {
      throw body.wrong(
          "logit_bias",
          "invalid_value",
          "Invalid bias of token %d in 'logit_bias': expected a number from -100 to 100."
              .formatted(id));
    }
  }

  private double number(String key, double least, double most, double otherwise) {
    return body.number(key, least, most).orElse(otherwise);
  }

  private int integer(String key, long least, long most, int otherwise) {
    return (int) body.integer(key, least, most).orElse(otherwise);
  }

  /// What the sampler refuses is the client's fault.
  private SamplingParams checked(
      String key, SamplingParams params, UnaryOperator<SamplingParams> change) {
    try {
      return change.apply(params);
    } catch (TokapuException e) {
      throw body.wrong(key, "invalid_value", String.valueOf(e.getMessage()));
    }
  }

  /// Takes the limit of tokens under one or two names.
  ///
  /// @throws ApiError 400 if the two contradict each other
  static Optional<Integer> maxTokens(RequestBody body, long least, String... names) {
    List<Long> values = new ArrayList<>();
    for (String name : names) {
      body.integer(name, least, INT).ifPresent(values::add);
    }
    if (values.stream().distinct().count() > 1) {
      throw body.wrong(
          names[0],
          "invalid_parameter_combination",
          "'%s' contradict each other; give one.".formatted(String.join("' and '", names)));
    }
    return values.stream().findFirst().map(Long::intValue);
  }
}
