package org.tokapu.tensor.quant.mix;

import java.util.Optional;
import org.tokapu.tensor.QuantFormat;

/// When a parameter gets another format than the base of its mixture.
@FunctionalInterface
interface MixRule {
  /// Returns the format in this layer, or nothing for the base.
  Optional<QuantFormat> format(int layer, MixModel model);

  /// This rule's format, else always `format`.
  default MixRule or(QuantFormat format) {
    return (layer, model) -> Optional.of(format(layer, model).orElse(format));
  }

  static MixRule always(QuantFormat format) {
    return (layer, model) -> Optional.of(format);
  }

  /// In the first and last eighth of the layers and every third between.
  static MixRule moreBits(QuantFormat format) {
    return (layer, model) -> when(model.deservesMore(layer), format);
  }

  /// In the first `count` layers.
  static MixRule below(int count, QuantFormat format) {
    return (layer, model) -> when(layer < count, format);
  }

  /// In the first `1 / divisor` of the layers.
  static MixRule firstPart(int divisor, QuantFormat format) {
    return (layer, model) -> when(layer < model.layers() / divisor, format);
  }

  /// In the first eighth of the layers, if an importance matrix is used: formats with one number a
  /// block can go astray there.
  static MixRule guarded(QuantFormat format) {
    return (layer, model) -> when(model.importance() && layer < model.layers() / 8, format);
  }

  /// In the first eighth of the layers, if no importance matrix is used.
  static MixRule uninformed(QuantFormat format) {
    return (layer, model) -> when(!model.importance() && layer < model.layers() / 8, format);
  }

  /// If at least four heads share it.
  static MixRule ifShared(QuantFormat format) {
    return (layer, model) -> when(model.sharesValues(), format);
  }

  /// If there are eight experts.
  static MixRule ofEight(QuantFormat format) {
    return (layer, model) -> when(model.experts() == 8, format);
  }

  /// If there are not eight experts.
  static MixRule unlessEight(QuantFormat format) {
    return (layer, model) -> when(model.experts() != 8, format);
  }

  private static Optional<QuantFormat> when(boolean applies, QuantFormat format) {
    return applies ? Optional.of(format) : Optional.empty();
  }
}
