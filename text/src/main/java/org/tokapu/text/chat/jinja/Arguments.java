package org.tokapu.text.chat.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a call passes: by position and by name.
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Value... values) {
    return new Arguments(List.of(values), Map.of());
  }

  /// Returns the same without the first `n` by position.
  Arguments skip(int n) {
    return new Arguments(positional.subList(n, positional.size()), named);
  }

  /// Sorts the arguments by the names of the parameters.
  ///
  /// @param required how many of them must be there
  Bound bind(String function, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new Failure(
          function
              + "() takes at most "
              + parameters.length
              + " arguments, "
              + positional.size()
              + " given");
    }
    @Nullable Value[] values = new @Nullable Value[parameters.length];
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    for (Map.Entry<String, Value> entry : named.entrySet()) {
      int i = Arrays.asList(parameters).indexOf(entry.getKey());
      if (i < 0 || values[i] != null) {
        throw new Failure(
            function + "() got an unexpected keyword argument '" + entry.getKey() + "'");
      }
      values[i] = entry.getValue();
    }
    for (int i = 0; i < required; i++) {
      if (values[i] == null) {
        throw new Failure(function + "() is missing its argument '" + parameters[i] + "'");
      }
    }
    return new Bound(function, values);
  }

  /// Arguments in the order of the parameters.
  record Bound(String function, @Nullable Value[] values) {
    boolean has(int i) {
      return values[i] != null;
    }

    /// Returns a value that may be absent.
    @Nullable Value optional(int i) {
      return values[i];
    }

    Value value(int i, Value otherwise) {
      Value value = values[i];
      return value == null ? otherwise : value;
    }

    /// Returns a value that [Arguments#bind] required.
    Value value(int i) {
      return value(i, None.NONE);
    }

    boolean flag(int i, boolean otherwise) {
      Value value = values[i];
      return value == null ? otherwise : value.truth();
    }

    /// Returns an integer, cut into the range of `int`.
    int integer(int i, int otherwise) {
      return switch (values[i]) {
        case null -> otherwise;
        case Num n -> Math.clamp(n.index(), Integer.MIN_VALUE, Integer.MAX_VALUE);
        case Undefined u -> throw u.failure();
        case Value v -> throw wrong(v, "an integer");
      };
    }

    /// Returns a string.
    Str string(int i, Str otherwise) {
      return switch (values[i]) {
        case null -> otherwise;
        case Str s -> s;
        case Undefined u -> throw u.failure();
        case Value v -> throw wrong(v, "a str");
      };
    }

    Str string(int i) {
      return string(i, Str.EMPTY);
    }

    private Failure wrong(Value value, String expected) {
      return new Failure(function + "() expects " + expected + ", not '" + value.type() + "'");
    }
  }
}
