package org.tokapu.text.chat.jinja;

/// An error on its way out of a template; becomes a [JinjaException] once the line is known.
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String problem;
  private final int line;
  private final boolean raised;

  Failure(String problem) {
    this(problem, 0, false);
  }

  Failure(String problem, int line, boolean raised) {
    super(problem, null, false, false);
    this.problem = problem;
    this.line = line;
    this.raised = raised;
  }

  /// Returns this error placed at `where`, unless an inner place is known.
  Failure at(int where) {
    return line > 0 ? this : new Failure(problem, where, raised);
  }

  String problem() {
    return problem;
  }

  int line() {
    return line;
  }

  boolean raised() {
    return raised;
  }
}
