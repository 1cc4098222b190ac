package org.tokapu.text.chat.jinja;

/// What a missing variable, attribute or item evaluates to: false, empty, printed as nothing, and
/// an error for whoever reaches into it.
///
/// @param problem what the error then says
/// @param unsafe whether it stands for something that the sandbox forbids
record Undefined(String problem, boolean unsafe) implements Value {
  static Undefined variable(String name) {
    return new Undefined("'" + name + "' is undefined", false);
  }

  static Undefined attribute(Value of, String name) {
    return new Undefined("'" + typeOf(of) + "' has no attribute '" + name + "'", false);
  }

  static Undefined element(Value of, Value index) {
    if (index instanceof Str s) {
      return attribute(of, s.text());
    }
    return new Undefined(typeOf(of) + " has no element " + Text.shortened(index.toString()), false);
  }

  static Undefined forbidden(Value of, String name) {
    return new Undefined(
        "access to attribute '" + name + "' of '" + of.type() + "' object is unsafe.", true);
  }

  private static String typeOf(Value value) {
    return value == None.NONE ? "None" : value.type() + " object";
  }

  Failure failure() {
    return new Failure(problem);
  }

  @Override
  public String type() {
    return "Undefined";
  }

  @Override
  public boolean truth() {
    if (unsafe) {
      throw failure();
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "Undefined";
  }
}
