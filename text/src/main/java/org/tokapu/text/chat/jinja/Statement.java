package org.tokapu.text.chat.jinja;

import java.util.List;

/// A node of a template that does something. Immutable and thread-safe.
@FunctionalInterface
interface Statement {
  /// Where to go after a statement.
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Scope scope, Text out);

  /// Statements one after the other.
  record Body(List<Statement> statements) implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      for (Statement statement : statements) {
        Flow flow = statement.run(scope, out);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    }

    /// Runs into a text of its own.
    Str capture(Scope scope) {
      Text out = scope.render().text();
      run(scope, out);
      return out.build();
    }
  }

  /// A statement that is counted and knows its place, for errors.
  record Placed(int line, Statement inner) implements Statement {
    @Override
    public Flow run(Scope scope, Text out) {
      try {
        scope.budget().step();
        return inner.run(scope, out);
      } catch (Failure failure) {
        throw failure.at(line);
      }
    }
  }
}
