package org.tokapu.text.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Arguments.Bound;

/// The methods of `dict`, `list` and `tuple`; those that change them are forbidden.
final class ContainerMethods {
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

  private ContainerMethods() {}

  static @Nullable Value of(Dict self, String name) {
    if (DICT_CHANGES.contains(name)) {
      return Undefined.forbidden(self, name);
    }
    return switch (name) {
      case "get" -> new Native(name, (r, a) -> get(self, r, a));
      case "items" -> view(name, Seq.Kind.ITEMS, self);
      case "keys" -> view(name, Seq.Kind.KEYS, self);
      case "values" -> view(name, Seq.Kind.VALUES, self);
      case "copy" -> new Native(name, (_, _) -> new Dict(new LinkedHashMap<>(self.entries())));
      default -> null;
    };
  }

  private static Value get(Dict self, Render render, Arguments arguments) {
    Bound bound = arguments.bind("get", 1, "key", "default");
    Value found = self.get(Dict.key(bound.value(0), render.budget()));
    return found == null ? bound.value(1, None.NONE) : found;
  }

  private static Value view(String name, Seq.Kind kind, Dict self) {
    return new Native(
        name,
        (render, arguments) -> {
          arguments.bind(name, 0);
          render.budget().items(self.size());
          List<Value> items =
              switch (kind) {
                case KEYS -> self.keys();
                case VALUES -> self.values();
                default -> self.items();
              };
          return new Seq(kind, items);
        });
  }

  static @Nullable Value of(Seq self, String name) {
    if (self.kind() == Seq.Kind.LIST && LIST_CHANGES.contains(name)) {
      return Undefined.forbidden(self, name);
    }
    if (self.kind() == Seq.Kind.GROUP && (name.equals("grouper") || name.equals("list"))) {
      return self.items().get(name.equals("grouper") ? 0 : 1);
    }
    if (!self.isIndexed()) {
      return null;
    }
    return switch (name) {
      case "count" -> new Native(name, (r, a) -> count(self, r, a));
      case "index" -> new Native(name, (r, a) -> index(self, r, a));
      case "copy" -> self.kind() == Seq.Kind.LIST ? new Native(name, (_, _) -> self) : null;
      default -> null;
    };
  }

  private static Value count(Seq self, Render render, Arguments arguments) {
    Value wanted = arguments.bind("count", 1, "value").value(0);
    render.budget().steps(self.weight());
    return Num.of(self.items().stream().filter(wanted::equals).count());
  }

  private static Value index(Seq self, Render render, Arguments arguments) {
    Value wanted = arguments.bind("index", 1, "value").value(0);
    render.budget().steps(self.weight());
    int at = self.items().indexOf(wanted);
    if (at < 0) {
      throw new Failure(Text.shortened(render.str(wanted).text()) + " is not in list");
    }
    return Num.of(at);
  }
}
