package org.tokapu.base;

/// Memory, disk, context or a queue is too small for what was asked; the message names the figures
/// and what would fit.
public final class OutOfCapacityException extends TokapuException {
  private static final long serialVersionUID = 1;

  /// Reports `message`: what was asked, what there is, what would fit.
  public OutOfCapacityException(String message) {
    super(message);
  }
}
