package org.tokapu.text.chat.jinja;

import java.util.List;

/// What `set`, `for` and `with` assign to.
sealed interface Target {
  void assign(Scope scope, Value value);

  /// A variable.
  record Variable(String name) implements Target {
    @Override
    public void assign(Scope scope, Value value) {
      scope.set(name, value);
    }
  }

  /// `a.b` of a namespace.
  record Member(String namespace, String name) implements Target {
    @Override
    public void assign(Scope scope, Value value) {
      if (!(scope.find(namespace) instanceof Namespace target)) {
        throw new Failure("cannot assign attribute on non-namespace object");
      }
      target.set(name, value);
    }
  }

  /// `a, b`.
  record Several(List<Target> parts) implements Target {
    @Override
    public void assign(Scope scope, Value value) {
      List<Value> items = Iteration.of(value, scope.budget());
      if (items.size() != parts.size()) {
        throw new Failure(
            items.size() > parts.size()
                ? "too many values to unpack (expected " + parts.size() + ")"
                : "not enough values to unpack (expected "
                    + parts.size()
                    + ", got "
                    + items.size()
                    + ")");
      }
      for (int i = 0; i < items.size(); i++) {
        parts.get(i).assign(scope, items.get(i));
      }
    }
  }
}
