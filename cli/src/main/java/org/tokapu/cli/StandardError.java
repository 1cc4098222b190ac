package org.tokapu.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Takes the real standard error back from the filter that the launcher started us with.
///
/// The JVM prints `WARNING: Using incubator modules` before any code of ours runs and has no option
/// against it. So the launcher opens a filter as descriptor 2, keeps the real one as another and
/// names it in `-Dtokapu.stderr`; `dup2` puts it back. From then on the process writes to the
/// terminal itself, messages of the JVM included.
final class StandardError {
  private StandardError() {}

  /// Restores descriptor 2, if the launcher asked for it.
  @SuppressWarnings("restricted") // dup2 takes two integers: nothing can be addressed wrongly.
  static void restore() {
    Integer kept = Integer.getInteger("tokapu.stderr");
    if (kept == null) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> dup2 = linker.defaultLookup().find("dup2");
    if (dup2.isEmpty()) {
      return; // The filter stays: all lines but one still come through.
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    try {
      int ignored = (int) linker.downcallHandle(dup2.get(), signature).invokeExact((int) kept, 2);
    } catch (Throwable e) {
      throw new AssertionError("dup2 takes two integers", e);
    }
  }
}
