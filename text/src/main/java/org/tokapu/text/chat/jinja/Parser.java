package org.tokapu.text.chat.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokapu.text.chat.jinja.Statement.Body;
import org.tokapu.text.chat.jinja.Statement.Flow;
import org.tokapu.text.chat.jinja.Statement.Placed;
import org.tokapu.text.chat.jinja.Token.Kind;

/// Parses a template: text, `{{ }}` and the tags.
final class Parser {
  private final TokenStream in;
  private final ExpressionParser expressions;
  private int loops;

  private Parser(TokenStream in) {
    this.in = in;
    this.expressions = new ExpressionParser(in);
  }

  static Body parse(String source) {
    Parser parser = new Parser(new TokenStream(Lexer.tokens(source)));
    Body body = parser.body("the template");
    parser.expressions.postfix().checkNames();
    return body;
  }

  /// Parses up to one of the tags `ends`, which becomes the current token; without `ends`, to the
  /// end of the template.
  private Body body(String tag, String... ends) {
    in.enter();
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = in.current();
      if (token.kind() == Kind.END) {
        if (ends.length > 0) {
          throw in.error(
              "unexpected end of template: '" + tag + "' needs '" + ends[ends.length - 1] + "'");
        }
        break;
      }
      in.next();
      if (token.kind() == Kind.DATA) {
        String text = token.text();
        statements.add((_, out) -> {
          out.append(text);
          return Flow.NEXT;
        });
      } else if (token.kind() == Kind.PRINT_BEGIN) {
        statements.add(new Placed(token.line(), print()));
      } else {
        if (List.of(ends).contains(in.current().text()) && in.current().kind() == Kind.NAME) {
          break;
        }
        statements.add(new Placed(token.line(), tag()));
      }
    }
    in.leave();
    return new Body(List.copyOf(statements));
  }

  private Statement print() {
    Expression value = expressions.tuple();
    if (in.current().kind() != Kind.PRINT_END) {
      throw in.unexpected("'}}'");
    }
    in.next();
    return new Statements.Print(value);
  }

  private Statement tag() {
    Token token = in.current();
    String name = in.expectName();
    return switch (name) {
      case "if" -> choice();
      case "for" -> loop();
      case "set" -> set();
      case "macro" -> macro();
      case "call" -> callBlock();
      case "filter" -> filterBlock();
      case "with" -> with();
      case "generation" -> scoped(name);
      case "block" -> block();
      case "autoescape" -> autoescape();
      case "print" -> printTag();
      case "break" -> jump(name, Flow.BREAK);
      case "continue" -> jump(name, Flow.CONTINUE);
      case "include", "import", "from", "extends" -> loader(name);
      default -> throw new Failure("Encountered unknown tag '" + name + "'.", token.line(), false);
    };
  }

  private Statement jump(String name, Flow flow) {
    if (loops == 0) {
      throw in.error("'" + name + "' outside of a loop");
    }
    in.expectBlockEnd();
    return (_, _) -> flow;
  }

  private Statement loader(String name) {
    while (in.current().kind() != Kind.BLOCK_END) {
      in.next();
    }
    in.next();
    return (_, _) -> {
      throw new Failure("'" + name + "' needs another template, and there is none");
    };
  }

  private Statement choice() {
    List<Expression> tests = new ArrayList<>();
    List<Statement> bodies = new ArrayList<>();
    Statement otherwise = new Body(List.of());
    expressions.postfix().enterBranch();
    while (true) {
      tests.add(expressions.tuple());
      in.expectBlockEnd();
      bodies.add(body("if", "elif", "else", "endif"));
      if (in.skipName("elif")) {
        continue;
      }
      if (in.skipName("else")) {
        in.expectBlockEnd();
        otherwise = body("else", "endif");
      }
      break;
    }
    expressions.postfix().leaveBranch();
    end("endif");
    return new Statements.If(List.copyOf(tests), List.copyOf(bodies), otherwise);
  }

  private void end(String name) {
    in.expectName(name);
    in.expectBlockEnd();
  }

  private Statement loop() {
    Target target = targets("in");
    in.expectName("in");
    int before = in.measure();
    Expression items = expressions.iterated();
    Expression test = in.skipName("if") ? expressions.expression() : null;
    boolean recursive = in.skipName("recursive");
    in.expectBlockEnd();
    loops++;
    Body body = body("for", "else", "endfor");
    loops--;
    Body otherwise = new Body(List.of());
    if (in.skipName("else")) {
      in.expectBlockEnd();
      otherwise = body("else", "endfor");
    }
    end("endfor");
    return new Loop(target, items, test, body, otherwise, recursive, in.measured(before) + 1);
  }

  /// Parses what is assigned to, up to the word or sign `end`.
  private Target targets(String end) {
    in.enter();
    List<Target> parts = new ArrayList<>();
    boolean comma = false;
    do {
      if (!parts.isEmpty()) {
        comma = true;
        Token token = in.current();
        if (token.isName(end) || token.isOperator(end) || token.isOperator(")")) {
          break;
        }
      }
      parts.add(target());
    } while (in.skipOperator(","));
    in.leave();
    return parts.size() == 1 && !comma ? parts.getFirst() : new Target.Several(List.copyOf(parts));
  }

  private Target target() {
    if (in.skipOperator("(")) {
      Target inner = targets(")");
      in.expectOperator(")");
      return inner;
    }
    String name = in.expectName();
    if (Set.of("true", "false", "none", "True", "False", "None", "loop").contains(name)) {
      throw in.error("cannot assign to '" + name + "'");
    }
    if (in.skipOperator(".")) {
      return new Target.Member(name, in.expectName());
    }
    return new Target.Variable(name);
  }

  private Statement set() {
    Target target = targets("=");
    if (in.skipOperator("=")) {
      Expression value = expressions.tuple();
      in.expectBlockEnd();
      return new Statements.Set(target, value);
    }
    List<Expressions.Step> filters =
        in.skipOperator("|") ? expressions.postfix().filterChain() : List.of();
    in.expectBlockEnd();
    Body body = body("set", "endset");
    end("endset");
    return new Statements.SetBlock(target, body, filters);
  }

  private Statement filterBlock() {
    List<Expressions.Step> filters = expressions.postfix().filterChain();
    in.expectBlockEnd();
    Body body = body("filter", "endfilter");
    end("endfilter");
    return new Statements.FilterBlock(body, filters);
  }

  private Statement with() {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (in.current().kind() != Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        in.expectOperator(",");
      }
      targets.add(target());
      in.expectOperator("=");
      values.add(expressions.expression());
    }
    in.next();
    Body body = body("with", "endwith");
    end("endwith");
    return new Statements.With(List.copyOf(targets), List.copyOf(values), body);
  }

  private Statement scoped(String name) {
    in.expectBlockEnd();
    Body body = body(name, "end" + name);
    end("end" + name);
    return new Statements.With(List.of(), List.of(), body);
  }

  private Statement block() {
    String name = in.expectName();
    while (in.current().kind() == Kind.NAME) {
      in.next();
    }
    in.expectBlockEnd();
    Body body = body("block", "endblock");
    in.expectName("endblock");
    in.skipName(name);
    in.expectBlockEnd();
    return new Statements.With(List.of(), List.of(), body);
  }

  private Statement autoescape() {
    Expression on = expressions.expression();
    in.expectBlockEnd();
    Body body = body("autoescape", "endautoescape");
    end("endautoescape");
    return (scope, out) -> {
      if (on.eval(scope).truth()) {
        throw new Failure("autoescape is not for chat templates");
      }
      return body.run(scope.inner(), out);
    };
  }

  private Statement printTag() {
    Expression value = expressions.tuple();
    in.expectBlockEnd();
    return new Statements.Print(value);
  }

  private Statement macro() {
    String name = in.expectName();
    List<String> parameters = new ArrayList<>();
    List<@Nullable Expression> defaults = new ArrayList<>();
    signature(parameters, defaults);
    in.expectBlockEnd();
    Macro.Definition definition = macroBody("macro", name, parameters, defaults);
    return (scope, _) -> {
      scope.set(name, new Macro(definition, scope));
      return Flow.NEXT;
    };
  }

  private void signature(List<String> parameters, List<@Nullable Expression> defaults) {
    in.expectOperator("(");
    while (!in.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        in.expectOperator(",");
        if (in.skipOperator(")")) {
          break;
        }
      }
      parameters.add(in.expectName());
      if (in.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty() && defaults.getLast() != null) {
        throw in.error("a parameter without a default follows one with a default");
      } else {
        defaults.add(null);
      }
    }
  }

  private Macro.Definition macroBody(
      String tag, String name, List<String> parameters, List<@Nullable Expression> defaults) {
    Set<String> used = new HashSet<>();
    Set<String> around = expressions.swapMacroNames(used);
    int loopsAround = loops;
    loops = 0;
    int before = in.measure();
    Body body = body(tag, "end" + tag);
    int levels = in.measured(before) + 1;
    loops = loopsAround;
    expressions.swapMacroNames(around);
    around.addAll(used);
    in.expectName("end" + tag);
    if (tag.equals("macro")) {
      in.skipName(name);
    }
    in.expectBlockEnd();
    return new Macro.Definition(
        name,
        List.copyOf(parameters),
        java.util.Collections.unmodifiableList(defaults),
        body,
        Set.copyOf(used),
        levels);
  }

  private Statement callBlock() {
    List<String> parameters = new ArrayList<>();
    List<@Nullable Expression> defaults = new ArrayList<>();
    if (in.current().isOperator("(")) {
      signature(parameters, defaults);
    }
    if (!(expressions.unary(true) instanceof Expressions.Postfix call)
        || !(call.steps().getLast() instanceof Expressions.Call last)) {
      throw in.error("'call' needs a call");
    }
    in.expectBlockEnd();
    Macro.Definition caller = macroBody("call", "caller", parameters, defaults);
    Expression callee =
        new Expressions.Postfix(call.base(), call.steps().subList(0, call.steps().size() - 1));
    return new Statements.CallBlock(callee, last.arguments(), caller);
  }
}
