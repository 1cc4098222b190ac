package org.tokapu.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// Counts what the current thread allocates on the heap, for tests that set a limit.
public final class Allocations {
  private Allocations() {}

  /// Runs `action` and returns the bytes that this thread allocated meanwhile; other threads do not
  /// count.
  public static long bytesOf(Runnable action) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    action.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /// Runs `action` and fails if it allocates `most` bytes or more. A run that does is repeated
  /// once: the first of a process also loads classes.
  public static void assertLessThan(long most, Runnable action) {
    if (bytesOf(action) < most) {
      return;
    }
    long bytes = bytesOf(action);
    if (bytes >= most) {
      throw new AssertionError("allocated " + bytes + " bytes, at most " + most + " are allowed");
    }
  }
}
