package org.tokapu.text.chat.jinja;

import org.tokapu.base.TokapuException;

/// A template cannot be parsed or rendered; the message is `template:line: problem`.
public final class JinjaException extends TokapuException {
  private static final long serialVersionUID = 1;

  private final String problem;
  private final int line;
  private final boolean raised;

  JinjaException(String template, Failure failure) {
    super(
        template + (failure.line() > 0 ? ":" + failure.line() : "") + ": " + failure.problem(),
        failure);
    this.problem = failure.problem();
    this.line = failure.line();
    this.raised = failure.raised();
  }

  /// Returns what is wrong, without the place.
  public String problem() {
    return problem;
  }

  /// Returns the line in the template, from 1; 0 if none is known.
  public int line() {
    return line;
  }

  /// Returns whether the template itself refused the conversation, by `raise_exception`.
  public boolean raised() {
    return raised;
  }
}
