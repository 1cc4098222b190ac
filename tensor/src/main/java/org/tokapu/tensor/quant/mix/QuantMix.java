package org.tokapu.tensor.quant.mix;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tokapu.tensor.QuantFormat;
import org.tokapu.tensor.quant.Bf16;
import org.tokapu.tensor.quant.F16;
import org.tokapu.tensor.quant.F32;
import org.tokapu.tensor.quant.Iq4Nl;
import org.tokapu.tensor.quant.Iq4Xs;
import org.tokapu.tensor.quant.Q2K;
import org.tokapu.tensor.quant.Q3K;
import org.tokapu.tensor.quant.Q4K;
import org.tokapu.tensor.quant.Q4_0;
import org.tokapu.tensor.quant.Q4_1;
import org.tokapu.tensor.quant.Q5K;
import org.tokapu.tensor.quant.Q5_0;
import org.tokapu.tensor.quant.Q5_1;
import org.tokapu.tensor.quant.Q6K;
import org.tokapu.tensor.quant.Q8_0;

/// A named mixture of formats, what `quantize MODEL Q4_K_M` means: a base format, and other formats
/// for the parameters that suffer most or cost least.
///
/// Names, numbers (`general.file_type` in GGUF) and choices are those of llama.cpp's quantize tool.
/// Immutable; [#ALL] lists them.
public final class QuantMix {
  /// All mixtures, from the largest to the smallest files.
  public static final List<QuantMix> ALL =
      List.of(
          plain("F32", 0, F32.FORMAT),
          plain("F16", 1, F16.FORMAT),
          plain("BF16", 32, Bf16.FORMAT),
          plain("Q8_0", 7, Q8_0.FORMAT),
          plain("Q6_K", 18, Q6K.FORMAT),
          plain("Q5_1", 9, Q5_1.FORMAT),
          plain("Q5_K_M", 17, Q5K.FORMAT)
              .with(MixRole.VALUE, MixRule.moreBits(Q6K.FORMAT))
              .with(MixRole.DOWN, MixRule.moreBits(Q6K.FORMAT))
              .with(MixRole.QKV, MixRule.always(Q6K.FORMAT)),
          plain("Q5_K_S", 16, Q5K.FORMAT),
          plain("Q5_0", 8, Q5_0.FORMAT).with(MixRole.DOWN, MixRule.guarded(Q5_1.FORMAT)),
          plain("Q4_1", 3, Q4_1.FORMAT),
          plain("Q4_K_M", 15, Q4K.FORMAT)
              .with(MixRole.VALUE, MixRule.moreBits(Q6K.FORMAT))
              .with(MixRole.DOWN, MixRule.moreBits(Q6K.FORMAT))
              .with(MixRole.QKV, MixRule.always(Q5K.FORMAT))
              .with(MixRole.ATTENTION_OUT, MixRule.ofEight(Q5K.FORMAT)),
          plain("Q4_K_S", 14, Q4K.FORMAT)
              .with(MixRole.VALUE, MixRule.below(4, Q5K.FORMAT))
              .with(MixRole.DOWN, MixRule.firstPart(8, Q5K.FORMAT))
              .with(MixRole.ATTENTION_OUT, MixRule.ofEight(Q5K.FORMAT)),
          plain("Q4_0", 2, Q4_0.FORMAT).with(MixRole.DOWN, MixRule.guarded(Q4_1.FORMAT)),
          plain("IQ4_NL", 25, Iq4Nl.FORMAT)
              .with(MixRole.VALUE, MixRule.ifShared(Q5K.FORMAT))
              .with(MixRole.DOWN, MixRule.uninformed(Q5K.FORMAT))
              .with(MixRole.ATTENTION_OUT, MixRule.ofEight(Q5K.FORMAT)),
          plain("IQ4_XS", 30, Iq4Xs.FORMAT)
              .with(MixRole.VALUE, MixRule.ifShared(Q5K.FORMAT))
              .with(MixRole.DOWN, MixRule.uninformed(Q5K.FORMAT))
              .with(MixRole.ATTENTION_OUT, MixRule.ofEight(Q5K.FORMAT)),
          plain("Q3_K_L", 13, Q3K.FORMAT)
              .with(MixRole.VALUE, MixRule.always(Q5K.FORMAT))
              .with(MixRole.DOWN, MixRule.always(Q5K.FORMAT))
              .with(MixRole.ATTENTION_OUT, MixRule.unlessEight(Q5K.FORMAT))
              .with(MixRole.QKV, MixRule.always(Q4K.FORMAT)),
          plain("Q3_K_M", 12, Q3K.FORMAT)
              .with(MixRole.VALUE, MixRule.below(2, Q5K.FORMAT).or(Q4K.FORMAT))
              .with(MixRole.DOWN, MixRule.firstPart(16, Q5K.FORMAT).or(Q4K.FORMAT))
              .with(MixRole.ATTENTION_OUT, MixRule.ofEight(Q5K.FORMAT).or(Q4K.FORMAT))
              .with(MixRole.QKV, MixRule.always(Q4K.FORMAT)),
          plain("Q3_K_S", 11, Q3K.FORMAT).with(MixRole.ATTENTION_OUT, MixRule.ofEight(Q5K.FORMAT)),
          plain("Q2_K", 10, Q2K.FORMAT)
              .with(MixRole.VALUE, MixRule.ifShared(Q4K.FORMAT).or(Q3K.FORMAT))
              .with(MixRole.DOWN, MixRule.always(Q3K.FORMAT))
              .with(MixRole.ATTENTION_OUT, MixRule.ofEight(Q5K.FORMAT).or(Q3K.FORMAT)),
          plain("Q2_K_S", 21, Q2K.FORMAT)
              .with(MixRole.VALUE, MixRule.ifShared(Q4K.FORMAT))
              .with(MixRole.DOWN, MixRule.firstPart(8, Q4K.FORMAT)));

  /// Short names for the usual member of a family.
  private static final Map<String, String> ALIASES =
      Map.of("Q3_K", "Q3_K_M", "Q4_K", "Q4_K_M", "Q5_K", "Q5_K_M");

  private final String name;
  private final int fileType;
  private final QuantFormat base;
  private final Map<MixRole, MixRule> rules;
  private final boolean pure;

  private QuantMix(
      String name, int fileType, QuantFormat base, Map<MixRole, MixRule> rules, boolean pure) {
    this.name = name;
    this.fileType = fileType;
    this.base = base;
    this.rules = rules;
    this.pure = pure;
  }

  private static QuantMix plain(String name, int fileType, QuantFormat base) {
    return new QuantMix(name, fileType, base, Map.of(), false);
  }

  private QuantMix with(MixRole role, MixRule rule) {
    Map<MixRole, MixRule> more = new EnumMap<>(MixRole.class);
    more.putAll(rules);
    more.put(role, rule);
    return new QuantMix(name, fileType, base, more, pure);
  }

  /// Returns the base format for all matrices, the output matrix included; what does not fill its
  /// blocks still gets another.
  public QuantMix pure() {
    return new QuantMix(name, fileType, base, Map.of(), true);
  }

  /// Returns the mixture of this name or alias (`Q4_K` is `Q4_K_M`), in any case.
  public static Optional<QuantMix> byName(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String full = ALIASES.getOrDefault(upper, upper);
    return ALL.stream().filter(m -> m.name.equals(full)).findFirst();
  }

  /// Returns the mixture with this `general.file_type` number.
  public static Optional<QuantMix> byFileType(int number) {
    return ALL.stream().filter(m -> m.fileType == number).findFirst();
  }

  /// Returns the name: `Q4_K_M`.
  public String name() {
    return name;
  }

  /// Returns the number that goes into `general.file_type`.
  public int fileType() {
    return fileType;
  }

  /// Returns the format of most parameters.
  public QuantFormat base() {
    return base;
  }

  /// Returns the format for one parameter of a model.
  ///
  /// Vectors, norms, routers, position embeddings and other small or delicate parameters stay F32.
  /// The output matrix gets Q6_K or better. Where rows do not fill blocks of 256, a format of about
  /// the same size with blocks of 32 steps in, and where they do not fill those either, F16.
  public QuantFormat format(MixTensor tensor, MixModel model) {
    if (!MixRole.quantized(tensor)) {
      return F32.FORMAT;
    }
    if (base.blockSize() == 1) {
      return base;
    }
    return fitting(pure ? base : wanted(tensor, model), tensor.cols());
  }

  private QuantFormat wanted(MixTensor tensor, MixModel model) {
    MixRole role = MixRole.of(tensor.name(), model.tied());
    if (role == MixRole.OUTPUT) {
      return outputFormat(tensor.cols());
    }
    boolean attention = role == MixRole.VALUE || role == MixRole.KEY;
    if (attention && model.experts() == 8) {
      // Next to eight experts, keys and values weigh nothing.
      return Q8_0.FORMAT;
    }
    MixRule rule = rules.get(role);
    QuantFormat chosen = rule == null ? base : rule.format(tensor.layer(), model).orElse(base);
    boolean low = chosen.equals(Q3K.FORMAT) || chosen.equals(Q4K.FORMAT);
    return role == MixRole.VALUE && low && model.likeLlama70b() ? Q5K.FORMAT : chosen;
  }

  private QuantFormat outputFormat(long cols) {
    return cols % base.blockSize() != 0 || base.equals(Q8_0.FORMAT) ? Q8_0.FORMAT : Q6K.FORMAT;
  }

  private static QuantFormat fitting(QuantFormat format, long cols) {
    if (cols % format.blockSize() == 0) {
      return format;
    }
    QuantFormat smaller =
        switch (format.name()) {
          case "Q2_K", "Q3_K", "IQ4_XS" -> Iq4Nl.FORMAT;
          case "Q4_K" -> Q5_0.FORMAT;
          case "Q5_K" -> Q5_1.FORMAT;
          case "Q6_K" -> Q8_0.FORMAT;
          default -> F16.FORMAT;
        };
    return cols % smaller.blockSize() == 0 ? smaller : F16.FORMAT;
  }

  @Override
  public String toString() {
    return name;
  }
}
