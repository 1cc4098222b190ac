package org.tokapu.bench.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.tokapu.engine.EngineStats;
import org.tokapu.engine.LanguageModel;

/// What a process holds while nothing runs.
///
/// @param heap bytes in use after a collection
/// @param threads platform threads
/// @param files open file handles; -1 where the system does not tell
/// @param pages pages of keys and values that sequences hold
/// @param sequences those that run or wait
record Footprint(long heap, int threads, long files, int pages, int sequences) {
  /// What the heap may grow by: code and classes that are loaded late, buffers that are kept.
  private static final long HEAP_SLACK = 32L << 20;

  /// Threads of the carrier pool and of the client come and go.
  private static final int THREAD_SLACK = 8;

  /// Selectors and connections that the client keeps for reuse.
  private static final long FILE_SLACK = 16;

  static Footprint of(LanguageModel model) throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(200);
    }
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : -1;
    EngineStats stats = model.stats();
    return new Footprint(
        heap, threads, files, stats.usedPages(), stats.running() + stats.waiting());
  }

  /// Returns what has grown more than it may since `start`.
  List<String> leaksSince(Footprint start) {
    List<String> leaks = new ArrayList<>();
    if (heap > start.heap + HEAP_SLACK) {
      leaks.add("heap");
    }
    if (threads > start.threads + THREAD_SLACK) {
      leaks.add("threads");
    }
    if (files > start.files + FILE_SLACK) {
      leaks.add("file handles");
    }
    if (pages != 0) {
      leaks.add("pages of keys and values");
    }
    if (sequences != 0) {
      leaks.add("sequences");
    }
    return leaks;
  }

  @Override
  public String toString() {
    return "heap %.1f MB, %d threads, %d file handles, %d pages held, %d sequences"
        .formatted(heap * 1e-6, threads, files, pages, sequences);
  }
}
