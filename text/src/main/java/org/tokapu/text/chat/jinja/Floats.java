package org.tokapu.text.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Floats as Python writes them.
final class Floats {
  private Floats() {}

  /// Returns the shortest digits that read back as `value`: `1.0`, `1e+20`, `1.5e-07`.
  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal digits = shortest(value);
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent < -4 || exponent >= 16) {
      return scientific(digits, exponent);
    }
    String plain = digits.toPlainString();
    return plain.indexOf('.') < 0 ? plain + ".0" : plain;
  }

  /// Java writes two digits at least, Python one where that is enough (5e-324).
  private static BigDecimal shortest(double value) {
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (digits.precision() == 2) {
      BigDecimal one = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
      return one.doubleValue() == value ? one : digits;
    }
    return digits;
  }

  private static String scientific(BigDecimal digits, int exponent) {
    String unscaled = digits.unscaledValue().abs().toString();
    String fraction = unscaled.length() > 1 ? "." + unscaled.substring(1) : "";
    return (digits.signum() < 0 ? "-" : "") + unscaled.charAt(0) + fraction + exponent(exponent);
  }

  private static String exponent(int exponent) {
    String sign = exponent < 0 ? "e-" : "e+";
    return sign + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }

  /// Returns a finite, non-negative value in one of the presentations `f`, `e`, `g`.
  static String format(double value, char presentation, int precision) {
    return switch (presentation) {
      case 'f' -> new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
      case 'e' -> exponential(value, precision);
      default -> general(value, Math.max(1, precision));
    };
  }

  private static String exponential(double value, int precision) {
    BigDecimal rounded = significant(value, precision + 1);
    String digits = padded(rounded, precision + 1);
    int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    return digits.charAt(0) + (precision > 0 ? "." + digits.substring(1) : "") + exponent(exponent);
  }

  private static String padded(BigDecimal rounded, int digits) {
    String text = rounded.unscaledValue().toString();
    return text.length() >= digits
        ? text.substring(0, digits)
        : text + "0".repeat(digits - text.length());
  }

  private static BigDecimal significant(double value, int digits) {
    return new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static String general(double value, int precision) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = significant(value, precision).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return exponent < -4 || exponent >= precision
        ? scientific(rounded, exponent)
        : rounded.toPlainString();
  }

  /// Rounds to `precision` decimals, ties to the even digit of the exact value.
  static double round(double value, int precision) {
    if (Double.isNaN(value) || Double.isInfinite(value) || precision > 400) {
      return value;
    }
    double rounded =
        new BigDecimal(value)
            .setScale(Math.max(precision, -400), RoundingMode.HALF_EVEN)
            .doubleValue();
    return Math.copySign(rounded, value);
  }
}
