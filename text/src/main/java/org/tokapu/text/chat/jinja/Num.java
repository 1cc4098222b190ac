package org.tokapu.text.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Python's numbers: `bool`, `int` of any size, `float`; equal if their values are equal.
abstract sealed class Num implements Value permits Num.Bool, Num.Int, Num.Big, Num.Real {
  static final Bool TRUE = new Bool(true);
  static final Bool FALSE = new Bool(false);

  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  /// From here on doubles leave integers out.
  private static final double EXACT = 0x1p53;

  /// More bits than this are refused: no prompt needs them.
  private static final int MAX_BITS = 14_000;

  /// `True` or `False`.
  static final class Bool extends Num {
    private final boolean value;

    private Bool(boolean value) {
      this.value = value;
    }

    @Override
    public String type() {
      return "bool";
    }

    @Override
    double real() {
      return value ? 1 : 0;
    }

    @Override
    BigInteger big() {
      return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    @Override
    public String toString() {
      return value ? "True" : "False";
    }
  }

  /// An `int` of 64 bits.
  static final class Int extends Num {
    private final long value;

    private Int(long value) {
      this.value = value;
    }

    @Override
    public String type() {
      return "int";
    }

    @Override
    double real() {
      return value;
    }

    @Override
    BigInteger big() {
      return BigInteger.valueOf(value);
    }

    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// An `int` beyond 64 bits.
  static final class Big extends Num {
    private final BigInteger value;

    private Big(BigInteger value) {
      this.value = value;
    }

    @Override
    public String type() {
      return "int";
    }

    @Override
    double real() {
      return value.doubleValue();
    }

    @Override
    BigInteger big() {
      return value;
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  /// A `float`.
  static final class Real extends Num {
    private final double value;

    private Real(double value) {
      this.value = value;
    }

    @Override
    public String type() {
      return "float";
    }

    @Override
    double real() {
      return value;
    }

    @Override
    BigInteger big() {
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        throw new Failure("cannot convert float " + this + " to integer");
      }
      return new BigDecimal(value).toBigInteger();
    }

    @Override
    public String toString() {
      return Floats.repr(value);
    }
  }

  static Bool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Num of(long value) {
    return new Int(value);
  }

  static Num of(double value) {
    return new Real(value);
  }

  static Num of(BigInteger value) {
    if (value.compareTo(MIN) >= 0 && value.compareTo(MAX) <= 0) {
      return new Int(value.longValue());
    }
    if (value.bitLength() > MAX_BITS) {
      throw new Failure("a number is larger than " + MAX_BITS + " bits");
    }
    return new Big(value);
  }

  /// Returns the value as a double.
  abstract double real();

  /// Returns the value as an integer, cut towards zero.
  abstract BigInteger big();

  /// Returns whether the type is `float`.
  boolean isReal() {
    return this instanceof Real;
  }

  /// Returns whether [#small] holds the value: `bool` or `int` of 64 bits.
  boolean isSmall() {
    return this instanceof Int || this instanceof Bool;
  }

  /// Returns the value of a small number.
  long small() {
    return this instanceof Int i ? i.value : truth() ? 1 : 0;
  }

  /// Returns an integer, cut into the range of `long`; a float is an error.
  long index() {
    if (isReal()) {
      throw new Failure("'float' object cannot be interpreted as an integer");
    }
    return isSmall() ? small() : big().signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private BigDecimal exact() {
    return isReal() ? new BigDecimal(real()) : new BigDecimal(big());
  }

  /// Compares by value, as `compareTo` does; NaN is larger than all.
  int compare(Num other) {
    if (isReal() != other.isReal()
        && Math.abs(real()) >= EXACT
        && Double.isFinite(real())
        && Double.isFinite(other.real())) {
      return exact().compareTo(other.exact());
    }
    if (isReal() || other.isReal()) {
      return Double.compare(real() + 0.0, other.real() + 0.0);
    }
    return isSmall() && other.isSmall()
        ? Long.compare(small(), other.small())
        : big().compareTo(other.big());
  }

  @Override
  public boolean truth() {
    return this instanceof Bool b ? b.value : this instanceof Int i ? i.value != 0 : real() != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Num n && !Double.isNaN(real()) && compare(n) == 0;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(real() + 0.0);
  }
}
