package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The nodes of expressions.
final class Expressions {
  private Expressions() {}

  /// A constant.
  record Literal(Value value) implements Expression {
    @Override
    public Value eval(Scope scope) {
      return value;
    }
  }

  /// A variable.
  record Name(String name, Undefined missing) implements Expression {
    @Override
    public Value eval(Scope scope) {
      Value value = scope.find(name);
      return value == null ? missing : value;
    }
  }

  /// `[a, b]` or `(a, b)`.
  record ListLiteral(Seq.Kind kind, List<Expression> items) implements Expression {
    @Override
    public Value eval(Scope scope) {
      scope.budget().items(items.size());
      List<Value> values = new ArrayList<>(items.size());
      for (Expression item : items) {
        values.add(item.eval(scope));
      }
      return new Seq(kind, values);
    }
  }

  /// `{a: b}`.
  record DictLiteral(List<Expression> keys, List<Expression> values) implements Expression {
    @Override
    public Value eval(Scope scope) {
      scope.budget().items(2L * keys.size());
      LinkedHashMap<Value, Value> entries = LinkedHashMap.newLinkedHashMap(keys.size());
      for (int i = 0; i < keys.size(); i++) {
        Value key = Dict.key(keys.get(i).eval(scope), scope.budget());
        entries.put(key, values.get(i).eval(scope));
      }
      return new Dict(entries);
    }
  }

  /// `a if test else b`.
  record Choice(Expression test, Expression value, @Nullable Expression otherwise)
      implements Expression {
    private static final Undefined NOTHING =
        new Undefined("the inline if-expression evaluated to false and has no else", false);

    @Override
    public Value eval(Scope scope) {
      if (test.eval(scope).truth()) {
        return value.eval(scope);
      }
      return otherwise == null ? NOTHING : otherwise.eval(scope);
    }
  }

  /// `a or b or c`, `a and b and c`.
  record Logic(boolean or, List<Expression> terms) implements Expression {
    @Override
    public Value eval(Scope scope) {
      Value value = None.NONE;
      for (Expression term : terms) {
        value = term.eval(scope);
        if (value.truth() == or) {
          return value;
        }
      }
      return value;
    }
  }

  /// `not a`, or `not not a`.
  record Not(Expression value, boolean negated) implements Expression {
    @Override
    public Value eval(Scope scope) {
      return Num.of(value.eval(scope).truth() != negated);
    }
  }

  /// An operator and what stands right of it.
  record Operand(String operator, Expression value) {}

  /// `a < b <= c`.
  record Comparison(Expression first, List<Operand> rest) implements Expression {
    @Override
    public Value eval(Scope scope) {
      Value left = first.eval(scope);
      for (Operand operand : rest) {
        Value right = operand.value.eval(scope);
        if (!Comparisons.holds(operand.operator, left, right, scope.budget())) {
          return Num.FALSE;
        }
        left = right;
      }
      return Num.TRUE;
    }
  }

  /// `a + b - c`, from left to right.
  record Arithmetic(Expression first, List<Operand> rest) implements Expression {
    @Override
    public Value eval(Scope scope) {
      Value value = first.eval(scope);
      for (Operand operand : rest) {
        Value right = operand.value.eval(scope);
        value = Operators.apply(operand.operator, value, right, scope.render());
      }
      return value;
    }
  }

  /// `a ~ b ~ c`.
  record Concat(List<Expression> parts) implements Expression {
    @Override
    public Value eval(Scope scope) {
      List<Str> texts = new ArrayList<>(parts.size());
      for (Expression part : parts) {
        texts.add(scope.render().str(part.eval(scope)));
      }
      return Markups.plainJoin(Str.EMPTY, texts, scope.budget());
    }
  }

  /// `-a`, `+a`.
  record Sign(boolean negative, Expression value) implements Expression {
    @Override
    public Value eval(Scope scope) {
      return Operators.sign(negative, value.eval(scope));
    }
  }

  /// A value and what is done to it, from left to right.
  record Postfix(Expression base, List<Step> steps) implements Expression {
    @Override
    public Value eval(Scope scope) {
      Value value = base.eval(scope);
      for (Step step : steps) {
        scope.budget().step();
        value = step.apply(scope, value);
      }
      return value;
    }
  }

  /// Something done to a value: `.a`, `[b]`, `(c)`, `|d`, `is e`.
  sealed interface Step permits Attribute, Item, Slice, Call, Filtered, Tested {
    Value apply(Scope scope, Value value);
  }

  /// `.name`.
  record Attribute(String name, Str key) implements Step {
    @Override
    public Value apply(Scope scope, Value value) {
      return Access.attribute(value, name, key, scope.budget());
    }
  }

  /// `[index]`.
  record Item(Expression index) implements Step {
    @Override
    public Value apply(Scope scope, Value value) {
      return Access.item(value, index.eval(scope), scope.budget());
    }
  }

  /// `[start:stop:step]`.
  record Slice(@Nullable Expression start, @Nullable Expression stop, @Nullable Expression step)
      implements Step {
    @Override
    public Value apply(Scope scope, Value value) {
      return Slices.slice(
          value, eval(start, scope), eval(stop, scope), eval(step, scope), scope.budget());
    }

    private static Value eval(@Nullable Expression bound, Scope scope) {
      return bound == null ? None.NONE : bound.eval(scope);
    }
  }

  /// `(...)`.
  record Call(CallArguments arguments) implements Step {
    @Override
    public Value apply(Scope scope, Value value) {
      return scope.render().call(value, arguments.eval(scope));
    }
  }

  /// `|name(...)`.
  record Filtered(String name, @Nullable Filter filter, CallArguments arguments) implements Step {
    @Override
    public Value apply(Scope scope, Value value) {
      if (filter == null) {
        throw new Failure("No filter named '" + name + "'.");
      }
      return filter.apply(scope.render(), value, arguments.eval(scope));
    }
  }

  /// `is name ...`.
  record Tested(String name, Tests.@Nullable Test test, CallArguments arguments, boolean negated)
      implements Step {
    @Override
    public Value apply(Scope scope, Value value) {
      if (test == null) {
        throw new Failure("No test named '" + name + "'.");
      }
      return Num.of(test.holds(scope.render(), value, arguments.eval(scope)) != negated);
    }
  }

  /// What a call is written to pass.
  ///
  /// @param star a list of more positional arguments
  /// @param stars a mapping of more named ones
  record CallArguments(
      List<Expression> positional,
      List<String> names,
      List<Expression> named,
      @Nullable Expression star,
      @Nullable Expression stars) {
    static final CallArguments NONE =
        new CallArguments(List.of(), List.of(), List.of(), null, null);

    Arguments eval(Scope scope) {
      if (positional.isEmpty() && names.isEmpty() && star == null && stars == null) {
        return Arguments.NONE;
      }
      List<Value> values = new ArrayList<>(positional.size());
      for (Expression expression : positional) {
        values.add(expression.eval(scope));
      }
      if (star != null) {
        List<Value> more = Iteration.of(star.eval(scope), scope.budget());
        scope.budget().items(more.size());
        values.addAll(more);
      }
      Map<String, Value> byName = names.isEmpty() && stars == null ? Map.of() : byName(scope);
      return new Arguments(values, byName);
    }

    private Map<String, Value> byName(Scope scope) {
      Map<String, Value> values = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), named.get(i).eval(scope));
      }
      if (stars != null) {
        if (!(stars.eval(scope) instanceof Dict dict)) {
          throw new Failure("argument after ** must be a mapping");
        }
        scope.budget().items(dict.size());
        for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
          if (!(entry.getKey() instanceof Str name) || values.containsKey(name.text())) {
            throw new Failure("argument after ** has a key that is no new name");
          }
          values.put(name.text(), entry.getValue());
        }
      }
      return values;
    }
  }
}
