package org.tokapu.text.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Expressions.Step;
import org.tokapu.text.chat.jinja.Token.Kind;

/// Parses expressions. Chains of operators become flat nodes, so that the depth of evaluation is
/// the depth of the brackets. [PostfixParser] parses what follows a value.
final class ExpressionParser {
  private final TokenStream in;
  private final PostfixParser postfix;

  /// Names of `caller`, `varargs`, `kwargs` that the macro being parsed uses.
  private Set<String> macroNames = new java.util.HashSet<>();

  ExpressionParser(TokenStream in) {
    this.in = in;
    this.postfix = new PostfixParser(in, this);
  }

  /// Returns the parser of filters, which also keeps track of branches.
  PostfixParser postfix() {
    return postfix;
  }

  /// Starts to note names for a macro; returns the notes of the macro around it.
  Set<String> swapMacroNames(Set<String> names) {
    Set<String> before = macroNames;
    macroNames = names;
    return before;
  }

  /// Parses an expression with `if`.
  Expression expression() {
    in.enter();
    Failure before = postfix.swapUnknown(null);
    Expression value = or();
    while (in.skipName("if")) {
      postfix.swapUnknown(null);
      postfix.enterBranch();
      Expression test = or();
      Expression otherwise = in.skipName("else") ? expression() : null;
      postfix.leaveBranch();
      value = new Expressions.Choice(test, value, otherwise);
    }
    if (before != null) {
      postfix.swapUnknown(before);
    }
    in.leave();
    return value;
  }

  /// Parses an expression without `if` at its top: what `for` goes through.
  Expression iterated() {
    in.enter();
    Expression value = tuple(false);
    in.leave();
    return value;
  }

  /// Parses one expression, or several with commas: a tuple.
  Expression tuple() {
    return tuple(true);
  }

  private Expression tuple(boolean choice) {
    List<Expression> items = new ArrayList<>();
    boolean comma = false;
    while (!endsTuple()) {
      items.add(choice ? expression() : or());
      if (!in.current().isOperator(",")) {
        break;
      }
      in.next();
      comma = true;
    }
    if (items.isEmpty()) {
      throw in.unexpected("an expression");
    }
    return comma
        ? new Expressions.ListLiteral(Seq.Kind.TUPLE, List.copyOf(items))
        : items.getFirst();
  }

  private boolean endsTuple() {
    Token token = in.current();
    return token.kind() == Kind.BLOCK_END
        || token.kind() == Kind.PRINT_END
        || token.isOperator(")")
        || token.isName("recursive");
  }

  private Expression or() {
    Expression first = and();
    if (!in.current().isName("or")) {
      return first;
    }
    List<Expression> terms = new ArrayList<>(List.of(first));
    while (in.skipName("or")) {
      terms.add(and());
    }
    return new Expressions.Logic(true, List.copyOf(terms));
  }

  private Expression and() {
    Expression first = not();
    if (!in.current().isName("and")) {
      return first;
    }
    List<Expression> terms = new ArrayList<>(List.of(first));
    while (in.skipName("and")) {
      terms.add(not());
    }
    return new Expressions.Logic(false, List.copyOf(terms));
  }

  private Expression not() {
    boolean negated = false;
    boolean any = false;
    while (in.skipName("not")) {
      negated = !negated;
      any = true;
    }
    Expression value = comparison();
    return any ? new Expressions.Not(value, negated) : value;
  }

  private Expression comparison() {
    Expression first = sum();
    List<Expressions.Operand> rest = new ArrayList<>();
    while (true) {
      String operator = comparator();
      if (operator == null) {
        break;
      }
      rest.add(new Expressions.Operand(operator, sum()));
    }
    return rest.isEmpty() ? first : new Expressions.Comparison(first, List.copyOf(rest));
  }

  private @Nullable String comparator() {
    Token token = in.current();
    if (token.kind() == Kind.OPERATOR) {
      return switch (token.text()) {
        case "==", "!=", "<", "<=", ">", ">=" -> in.next().text();
        default -> null;
      };
    }
    if (token.isName("in")) {
      in.next();
      return "in";
    }
    if (token.isName("not") && in.ahead().isName("in")) {
      in.next();
      in.next();
      return "not in";
    }
    return null;
  }

  private Expression sum() {
    Expression first = concat();
    List<Expressions.Operand> rest = new ArrayList<>();
    while (in.current().isOperator("+") || in.current().isOperator("-")) {
      rest.add(new Expressions.Operand(in.next().text(), concat()));
    }
    return rest.isEmpty() ? first : new Expressions.Arithmetic(first, List.copyOf(rest));
  }

  private Expression concat() {
    Expression first = product();
    if (!in.current().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (in.skipOperator("~")) {
      parts.add(product());
    }
    return new Expressions.Concat(List.copyOf(parts));
  }

  private Expression product() {
    Expression first = power();
    List<Expressions.Operand> rest = new ArrayList<>();
    while (in.current().isOperator("*")
        || in.current().isOperator("/")
        || in.current().isOperator("//")
        || in.current().isOperator("%")) {
      rest.add(new Expressions.Operand(in.next().text(), power()));
    }
    return rest.isEmpty() ? first : new Expressions.Arithmetic(first, List.copyOf(rest));
  }

  private Expression power() {
    Expression first = unary(true);
    List<Expressions.Operand> rest = new ArrayList<>();
    while (in.current().isOperator("**")) {
      rest.add(new Expressions.Operand(in.next().text(), unary(true)));
    }
    return rest.isEmpty() ? first : new Expressions.Arithmetic(first, List.copyOf(rest));
  }

  /// Parses signs, a primary, and what follows it.
  Expression unary(boolean filters) {
    in.enter();
    Expression value;
    if (in.current().isOperator("-") || in.current().isOperator("+")) {
      boolean negative = in.next().text().equals("-");
      value = new Expressions.Sign(negative, unary(false));
    } else {
      value = primary();
    }
    List<Step> steps = new ArrayList<>();
    postfix.accesses(steps);
    if (filters) {
      postfix.filters(steps);
    }
    in.leave();
    return steps.isEmpty() ? value : new Expressions.Postfix(value, List.copyOf(steps));
  }

  Expression primary() {
    Token token = in.current();
    return switch (token.kind()) {
      case NAME -> name(in.next().text());
      case STRING -> strings();
      case INTEGER -> new Expressions.Literal(integer(in.next().text()));
      case FLOAT -> new Expressions.Literal(Num.of(Double.parseDouble(in.next().text())));
      case OPERATOR -> bracket();
      default -> throw in.error("unexpected " + token.described());
    };
  }

  private Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expressions.Literal(Num.TRUE);
      case "false", "False" -> new Expressions.Literal(Num.FALSE);
      case "none", "None" -> new Expressions.Literal(None.NONE);
      default -> {
        macroNames.add(name);
        yield new Expressions.Name(name, Undefined.variable(name));
      }
    };
  }

  private Expression strings() {
    StringBuilder text = new StringBuilder(in.next().text());
    while (in.current().kind() == Kind.STRING) {
      text.append(in.next().text());
    }
    return new Expressions.Literal(Str.own(text.toString()));
  }

  Num integer(String text) {
    try {
      if (text.length() > 2 && !Character.isDigit(text.charAt(1))) {
        int radix =
            switch (Character.toLowerCase(text.charAt(1))) {
              case 'x' -> 16;
              case 'o' -> 8;
              default -> 2;
            };
        return Num.of(new BigInteger(text.substring(2), radix));
      }
      if (text.length() > 4_000) {
        throw in.error("a number has more than 4000 digits");
      }
      return text.length() < 18 ? Num.of(Long.parseLong(text)) : Num.of(new BigInteger(text));
    } catch (NumberFormatException e) {
      throw in.error("broken number '" + text + "'");
    }
  }

  private Expression bracket() {
    Token token = in.next();
    return switch (token.text()) {
      case "(" -> {
        if (in.skipOperator(")")) {
          yield new Expressions.Literal(Seq.tuple(List.of()));
        }
        Expression inner = tuple();
        in.expectOperator(")");
        yield inner;
      }
      case "[" -> new Expressions.ListLiteral(Seq.Kind.LIST, items("]"));
      case "{" -> dict();
      default -> throw new Failure("unexpected " + token.described(), token.line(), false);
    };
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!in.skipOperator(close)) {
      if (!items.isEmpty()) {
        in.expectOperator(",");
        if (in.skipOperator(close)) {
          break;
        }
      }
      items.add(expression());
    }
    return List.copyOf(items);
  }

  private Expression dict() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!in.skipOperator("}")) {
      if (!keys.isEmpty()) {
        in.expectOperator(",");
        if (in.skipOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      in.expectOperator(":");
      values.add(expression());
    }
    return new Expressions.DictLiteral(List.copyOf(keys), List.copyOf(values));
  }
}
