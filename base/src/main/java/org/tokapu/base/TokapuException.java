package org.tokapu.base;

/// Something went wrong that a user can understand: the message names the cause and the remedy.
///
/// Commands print the message alone; a stack trace is for faults of ours.
public class TokapuException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Reports `message`: one sentence of cause, one of remedy.
  public TokapuException(String message) {
    super(message);
  }

  /// Reports `message`, keeping the lower-level `cause`.
  public TokapuException(String message, Throwable cause) {
    super(message, cause);
  }
}
