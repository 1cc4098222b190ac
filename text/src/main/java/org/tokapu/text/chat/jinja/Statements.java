package org.tokapu.text.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The nodes of tags.
final class Statements {
  private Statements() {}

  /// `{{ value }}`.
  record Print(Expression value) implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      out.append(scope.render().str(value.eval(scope)));
      return Flow.NEXT;
    }
  }

  /// `{% if %}` with its branches.
  record If(List<Expression> tests, List<Statement> bodies, Statement otherwise)
      implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      for (int i = 0; i < tests.size(); i++) {
        if (tests.get(i).eval(scope).truth()) {
          return bodies.get(i).run(scope, out);
        }
      }
      return otherwise.run(scope, out);
    }
  }

  /// `{% set target = value %}`.
  record Set(Target target, Expression value) implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      target.assign(scope, value.eval(scope));
      return Flow.NEXT;
    }
  }

  /// `{% set target %}body{% endset %}`.
  record SetBlock(Target target, Body body, List<Expressions.Step> filters) implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      target.assign(scope, filtered(body, filters, scope));
      return Flow.NEXT;
    }
  }

  /// `{% filter %}body{% endfilter %}`.
  record FilterBlock(Body body, List<Expressions.Step> filters) implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      out.append(scope.render().str(filtered(body, filters, scope)));
      return Flow.NEXT;
    }
  }

  private static Value filtered(Statement.Body body, List<Expressions.Step> filters, Scope scope) {
    Value value = body.capture(scope.inner());
    for (Expressions.Step step : filters) {
      value = step.apply(scope, value);
    }
    return value;
  }

  /// `{% with %}`, and every block that only has a scope of its own.
  record With(List<Target> targets, List<Expression> values, Body body) implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      Scope inner = scope.inner();
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(inner, values.get(i).eval(scope));
      }
      return body.run(inner, out);
    }
  }

  /// `{% call(...) callee(...) %}body{% endcall %}`.
  record CallBlock(Expression callee, Expressions.CallArguments arguments, Macro.Definition caller)
      implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      Value target = callee.eval(scope);
      Arguments passed = arguments.eval(scope);
      Map<String, Value> named = new LinkedHashMap<>(passed.named());
      named.put("caller", new Macro(caller, scope));
      Value result = scope.render().call(target, new Arguments(passed.positional(), named));
      out.append(scope.render().str(result));
      return Flow.NEXT;
    }
  }
}
