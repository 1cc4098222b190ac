package org.tokapu.text.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// `+ - * / // % **` and signs.
final class Operators {
  private Operators() {}

  static Value apply(String operator, Value left, Value right, Render render) {
    if (left instanceof Num a && right instanceof Num b) {
      return number(operator, a, b);
    }
    if (operator.equals("%") && left instanceof Str format) {
      return PercentFormat.format(format, right, render);
    }
    if (left instanceof Undefined u) {
      throw u.failure();
    }
    if (right instanceof Undefined u) {
      throw u.failure();
    }
    Value value =
        switch (operator) {
          case "+" -> add(left, right, render.budget());
          case "*" ->
              left instanceof Num n ? repeat(right, n, render) : repeat(left, right, render);
          default -> None.NONE;
        };
    if (value == None.NONE) {
      throw unsupported(operator, left, right);
    }
    return value;
  }

  private static Failure unsupported(String operator, Value left, Value right) {
    if (operator.equals("+") && left instanceof Str) {
      return new Failure("can only concatenate str (not \"" + right.type() + "\") to str");
    }
    return new Failure(
        "unsupported operand type(s) for "
            + operator
            + ": '"
            + left.type()
            + "' and '"
            + right.type()
            + "'");
  }

  private static Value add(Value left, Value right, Budget budget) {
    if (left instanceof Str a && right instanceof Str b) {
      return Markups.join(Str.EMPTY, List.of(a, b), budget);
    }
    if (left instanceof Seq a
        && right instanceof Seq b
        && (a.isTuple() && b.isTuple() || a.kind() == Seq.Kind.LIST && b.kind() == Seq.Kind.LIST)) {
      budget.items((long) a.items().size() + b.items().size());
      List<Value> items = new ArrayList<>(a.items());
      items.addAll(b.items());
      return new Seq(a.isTuple() ? Seq.Kind.TUPLE : Seq.Kind.LIST, items);
    }
    return None.NONE;
  }

  private static Value repeat(Value value, Value count, Render render) {
    if (!(count instanceof Num n) || n.isReal()) {
      return None.NONE;
    }
    long times = Math.max(0, n.index());
    if (value instanceof Str s) {
      render.budget().chars(product(s.length(), times));
      Text out = render.text();
      for (long i = 0; i < times && s.length() > 0; i++) {
        out.append(s);
      }
      return out.build().asMarkup(s.isMarkup());
    }
    if (value instanceof Seq s && (s.isTuple() || s.kind() == Seq.Kind.LIST)) {
      render.budget().items(product(s.items().size(), times));
      List<Value> items = new ArrayList<>();
      for (long i = 0; i < times && !s.items().isEmpty(); i++) {
        items.addAll(s.items());
      }
      return new Seq(s.isTuple() ? Seq.Kind.TUPLE : Seq.Kind.LIST, items);
    }
    return None.NONE;
  }

  private static long product(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  static Value sign(boolean negative, Value value) {
    if (value instanceof Undefined u) {
      throw u.failure();
    }
    if (!(value instanceof Num n)) {
      throw new Failure("bad operand type for unary -: '" + value.type() + "'");
    }
    if (n.isReal()) {
      return negative ? Num.of(-n.real()) : n;
    }
    return Num.of(negative ? n.big().negate() : n.big());
  }

  static Num number(String operator, Num a, Num b) {
    if (operator.equals("/")) {
      return divide(a, b);
    }
    if (a.isReal() || b.isReal()) {
      return real(operator, a.real(), b.real());
    }
    if (a.isSmall() && b.isSmall()) {
      long x = a.small();
      long y = b.small();
      switch (operator) {
        case "+" -> {
          long sum = x + y;
          if (((x ^ sum) & (y ^ sum)) >= 0) {
            return Num.of(sum);
          }
        }
        case "-" -> {
          long difference = x - y;
          if (((x ^ y) & (x ^ difference)) >= 0) {
            return Num.of(difference);
          }
        }
        case "%" -> {
          if (y != 0) {
            return Num.of(Math.floorMod(x, y));
          }
        }
        case "//" -> {
          if (y != 0 && y != -1) {
            return Num.of(Math.floorDiv(x, y));
          }
        }
        default -> {}
      }
    }
    return integer(operator, a.big(), b.big());
  }

  private static Num divide(Num a, Num b) {
    if (b.real() == 0) {
      throw new Failure("division by zero");
    }
    double quotient = a.real() / b.real();
    if (!Double.isFinite(quotient) && !a.isReal() && !b.isReal()) {
      throw new Failure("integer division result too large for a float");
    }
    return Num.of(quotient);
  }

  private static Num integer(String operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case "+" -> Num.of(a.add(b));
      case "-" -> Num.of(a.subtract(b));
      case "*" -> Num.of(a.multiply(b));
      case "**" -> power(a, b);
      default -> {
        if (b.signum() == 0) {
          throw new Failure("integer division or modulo by zero");
        }
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean floor = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        yield operator.equals("//")
            ? Num.of(floor ? parts[0].subtract(BigInteger.ONE) : parts[0])
            : Num.of(floor ? parts[1].add(b) : parts[1]);
      }
    };
  }

  private static Num power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      if (base.signum() == 0) {
        throw new Failure("0.0 cannot be raised to a negative power");
      }
      return Num.of(Math.pow(base.doubleValue(), exponent.doubleValue()));
    }
    boolean tiny = base.abs().bitLength() <= 1;
    if (tiny) {
      boolean odd = exponent.testBit(0);
      return exponent.signum() == 0
          ? Num.of(1)
          : Num.of(base.signum() < 0 && !odd ? BigInteger.ONE : base);
    }
    if (exponent.bitLength() > 20 || exponent.intValue() * (long) base.bitLength() > 14_000) {
      throw new Failure("the result of ** is too large");
    }
    return Num.of(base.pow(exponent.intValue()));
  }

  private static Num real(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> Num.of(a + b);
      case "-" -> Num.of(a - b);
      case "*" -> Num.of(a * b);
      case "**" -> Num.of(Math.pow(a, b));
      default -> {
        if (b == 0) {
          throw new Failure("float floor division or modulo by zero");
        }
        double rest = a % b;
        if (rest != 0 && (rest < 0) != (b < 0)) {
          rest += b;
        }
        yield Num.of(operator.equals("%") ? rest : Math.rint((a - rest) / b));
      }
    };
  }
}
