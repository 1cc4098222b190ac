package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Expressions.Step;
import org.tokapu.text.chat.jinja.Token.Kind;

/// Parses what follows a value: attributes, indices, calls, filters and tests.
final class PostfixParser {
  private static final Set<String> NO_TEST_ARGUMENT = Set.of("else", "or", "and", "is");

  private final TokenStream in;
  private final ExpressionParser expressions;

  /// In branches an unknown filter or test is an error only when it is reached.
  private int branches;

  /// The first unknown filter or test outside of branches.
  private @Nullable Failure unknown;

  PostfixParser(TokenStream in, ExpressionParser expressions) {
    this.in = in;
    this.expressions = expressions;
  }

  void enterBranch() {
    branches++;
  }

  void leaveBranch() {
    branches--;
  }

  /// Replaces what [#checkNames] will throw and returns what it was.
  @Nullable Failure swapUnknown(@Nullable Failure failure) {
    Failure before = unknown;
    unknown = failure;
    return before;
  }

  private void unknown(String problem) {
    if (branches == 0 && unknown == null) {
      unknown = in.error(problem);
    }
  }

  /// Fails if a filter or test that is always reached does not exist.
  void checkNames() {
    if (unknown != null) {
      throw unknown;
    }
  }

  /// Parses `.a`, `[b]` and `(c)`.
  void accesses(List<Step> steps) {
    while (in.current().kind() == Kind.OPERATOR) {
      if (in.skipOperator(".")) {
        dotted(steps);
      } else if (in.skipOperator("[")) {
        subscript(steps);
      } else if (in.current().isOperator("(")) {
        steps.add(new Expressions.Call(arguments()));
      } else {
        return;
      }
    }
  }

  private void dotted(List<Step> steps) {
    if (in.current().kind() == Kind.INTEGER) {
      steps.add(
          new Expressions.Item(new Expressions.Literal(expressions.integer(in.next().text()))));
    } else {
      String name = in.expectName();
      steps.add(new Expressions.Attribute(name, Str.own(name)));
    }
  }

  private void subscript(List<Step> steps) {
    List<Step> parts = new ArrayList<>();
    do {
      parts.add(subscribed());
    } while (in.skipOperator(",") && !in.current().isOperator("]"));
    in.expectOperator("]");
    if (parts.size() == 1) {
      steps.add(parts.getFirst());
      return;
    }
    List<Expression> items = new ArrayList<>();
    for (Step part : parts) {
      if (!(part instanceof Expressions.Item item)) {
        throw in.error("a slice cannot be one of several indices");
      }
      items.add(item.index());
    }
    steps.add(new Expressions.Item(new Expressions.ListLiteral(Seq.Kind.TUPLE, items)));
  }

  private Step subscribed() {
    Expression start = null;
    if (!in.current().isOperator(":")) {
      start = expressions.expression();
      if (!in.current().isOperator(":")) {
        return new Expressions.Item(start);
      }
    }
    in.expectOperator(":");
    Expression stop = sliceBound();
    Expression step = in.skipOperator(":") ? sliceBound() : null;
    return new Expressions.Slice(start, stop, step);
  }

  private @Nullable Expression sliceBound() {
    Token token = in.current();
    return token.isOperator(":") || token.isOperator("]") || token.isOperator(",")
        ? null
        : expressions.expression();
  }

  /// Parses `(a, b, *c, name=d, **e)`.
  Expressions.CallArguments arguments() {
    in.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expression> named = new ArrayList<>();
    Expression star = null;
    Expression stars = null;
    boolean first = true;
    while (!in.skipOperator(")")) {
      if (!first) {
        in.expectOperator(",");
        if (in.skipOperator(")")) {
          break;
        }
      }
      first = false;
      if (stars != null) {
        throw in.error("nothing may follow '**' in a call");
      }
      if (in.skipOperator("*")) {
        star = expressions.expression();
      } else if (in.skipOperator("**")) {
        stars = expressions.expression();
      } else if (in.current().kind() == Kind.NAME && in.ahead().isOperator("=")) {
        names.add(in.next().text());
        in.next();
        named.add(expressions.expression());
      } else if (star != null || !names.isEmpty()) {
        throw in.error("an argument without a name follows one with a name");
      } else {
        positional.add(expressions.expression());
      }
    }
    return new Expressions.CallArguments(
        List.copyOf(positional), List.copyOf(names), List.copyOf(named), star, stars);
  }

  /// Parses `|a`, `is b` and calls of what they give.
  void filters(List<Step> steps) {
    while (true) {
      if (in.skipOperator("|")) {
        steps.add(filter());
      } else if (in.skipName("is")) {
        steps.add(test());
      } else if (in.current().isOperator("(")) {
        steps.add(new Expressions.Call(arguments()));
      } else {
        return;
      }
    }
  }

  /// Parses the filters after `|` or `{% filter`, separated by `|`.
  List<Step> filterChain() {
    List<Step> steps = new ArrayList<>();
    do {
      steps.add(filter());
    } while (in.skipOperator("|"));
    return List.copyOf(steps);
  }

  private Step filter() {
    String name = dottedName();
    Filter filter = Filters.ALL.get(name);
    if (filter == null) {
      unknown("No filter named '" + name + "'.");
    }
    Expressions.CallArguments arguments =
        in.current().isOperator("(") ? arguments() : Expressions.CallArguments.NONE;
    return new Expressions.Filtered(name, filter, arguments);
  }

  private Step test() {
    boolean negated = in.skipName("not");
    String name = dottedName();
    Tests.Test test = Tests.ALL.get(name);
    if (test == null) {
      unknown("No test named '" + name + "'.");
    }
    Expressions.CallArguments arguments = Expressions.CallArguments.NONE;
    if (in.current().isOperator("(")) {
      arguments = arguments();
    } else if (takesTestArgument()) {
      List<Step> steps = new ArrayList<>();
      Expression argument = expressions.primary();
      accesses(steps);
      arguments =
          new Expressions.CallArguments(
              List.of(
                  steps.isEmpty()
                      ? argument
                      : new Expressions.Postfix(argument, List.copyOf(steps))),
              List.of(),
              List.of(),
              null,
              null);
    } else if (in.current().isName("is")) {
      throw in.error("tests cannot be chained with 'is'");
    }
    return new Expressions.Tested(name, test, arguments, negated);
  }

  private boolean takesTestArgument() {
    Token token = in.current();
    return switch (token.kind()) {
      case NAME -> !NO_TEST_ARGUMENT.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(in.expectName());
    while (in.skipOperator(".")) {
      name.append('.').append(in.expectName());
    }
    return name.toString();
  }
}
