package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Statement.Body;

/// `{% for %}`.
///
/// @param test the `if` of the tag
/// @param levels how deep the body is nested
record Loop(
    Target target,
    Expression items,
    @Nullable Expression test,
    Body body,
    Body otherwise,
    boolean recursive,
    int levels)
    implements Statement {
  @Override
  public Flow run(Scope scope, Text out) {
    run(items.eval(scope), scope, out, 0);
    return Flow.NEXT;
  }

  private void run(Value over, Scope scope, Text out, int depth) {
    List<Value> values = selected(Iteration.of(over, scope.budget()), scope);
    State state = new State(this, scope, values, depth);
    boolean completed = false;
    for (int i = 0; i < values.size(); i++) {
      scope.budget().step();
      state.index = i;
      Scope inner = scope.inner();
      inner.set("loop", state);
      target.assign(inner, values.get(i));
      Flow flow = body.run(inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      completed |= flow == Flow.NEXT;
    }
    // As in Jinja: `break` or `continue` in each round counts as no round at all.
    if (!completed) {
      otherwise.run(scope.inner(), out);
    }
  }

  private List<Value> selected(List<Value> values, Scope scope) {
    if (test == null) {
      return values;
    }
    List<Value> kept = new ArrayList<>();
    for (Value value : values) {
      scope.budget().step();
      Scope inner = scope.inner();
      target.assign(inner, value);
      if (test.eval(inner).truth()) {
        kept.add(value);
      }
    }
    return kept;
  }

  /// The variable `loop`.
  private static final class State implements Thing {
    private final Loop loop;
    private final Scope scope;
    private final List<Value> values;
    private final int depth;
    private int index;
    private @Nullable List<Value> last;

    State(Loop loop, Scope scope, List<Value> values, int depth) {
      this.loop = loop;
      this.scope = scope;
      this.values = values;
      this.depth = depth;
    }

    @Override
    public @Nullable Value attribute(String name) {
      int length = values.size();
      return switch (name) {
        case "index" -> Num.of(index + 1);
        case "index0" -> Num.of(index);
        case "revindex" -> Num.of(length - index);
        case "revindex0" -> Num.of(length - index - 1);
        case "first" -> Num.of(index == 0);
        case "last" -> Num.of(index == length - 1);
        case "length" -> Num.of(length);
        case "depth" -> Num.of(depth + 1);
        case "depth0" -> Num.of(depth);
        case "previtem" ->
            index > 0 ? values.get(index - 1) : new Undefined("there is no previous item", false);
        case "nextitem" ->
            index + 1 < length
                ? values.get(index + 1)
                : new Undefined("there is no next item", false);
        case "cycle" -> new Native("cycle", (_, arguments) -> cycle(arguments));
        case "changed" -> new Native("changed", this::changed);
        default -> null;
      };
    }

    private Value cycle(Arguments arguments) {
      if (arguments.positional().isEmpty()) {
        throw new Failure("no items for cycling given");
      }
      return arguments.positional().get(index % arguments.positional().size());
    }

    private Value changed(Render render, Arguments arguments) {
      List<Value> now = arguments.positional();
      for (Value value : now) {
        render.budget().steps(Math.min(value.weight(), Integer.MAX_VALUE));
      }
      boolean changed = last == null || !last.equals(now);
      last = now;
      return Num.of(changed);
    }

    @Override
    public Value call(Render render, Arguments arguments) {
      if (!loop.recursive) {
        throw new Failure("loop(...) needs '{% for ... recursive %}'");
      }
      Value over = arguments.bind("loop", 1, "iterable").value(0);
      Text out = render.text();
      render.budget().enter(loop.levels);
      loop.run(over, scope, out, depth + 1);
      render.budget().leave(loop.levels);
      return out.build();
    }

    @Override
    public String type() {
      return "jinja2.runtime.LoopContext";
    }
  }
}
