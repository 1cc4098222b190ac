package org.tokapu.base;

/// A file is not what it claims to be: truncated, lying, hostile, or of an unknown kind.
public final class ModelFormatException extends TokapuException {
  private static final long serialVersionUID = 1;

  /// Reports `file: field: problem`.
  ///
  /// @param file what was read, as the user named it
  /// @param field the place in it: a key, a tensor name, "header"
  /// @param problem what is wrong there, with the values found, and what to do
  public ModelFormatException(String file, String field, String problem) {
    super(file + ": " + field + ": " + problem);
  }

  /// As above, keeping the lower-level `cause`.
  public ModelFormatException(String file, String field, String problem, Throwable cause) {
    super(file + ": " + field + ": " + problem, cause);
  }
}
