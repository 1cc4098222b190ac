package org.tokapu.tensor;

/// Fork and join over the cores: the only owner of compute threads.
///
/// `run` returns when every task is done; an exception of a task is rethrown. One caller at a time.
public interface Parallel extends AutoCloseable {
  /// A piece of work. `worker` is below [#width] and never runs two tasks at once, so it may index
  /// scratch memory. Results must not depend on it.
  @FunctionalInterface
  interface Task {
    /// Does piece `index`.
    void run(int index, int worker);
  }

  /// Returns the number of threads that work, the caller's included.
  int width();

  /// Runs `task` for every index below `tasks`.
  void run(int tasks, Task task);

  /// Ends the threads. Later calls of [#run] fail.
  @Override
  void close();

  /// Returns a team of `threads`, the caller's included.
  static Parallel of(int threads) {
    return threads == 1 ? single() : SpinParallel.of(threads);
  }

  /// Returns one that does everything on the calling thread.
  static Parallel single() {
    return new Parallel() {
      @Override
      public int width() {
        return 1;
      }

      @Override
      public void run(int tasks, Task task) {
        for (int i = 0; i < tasks; i++) {
          task.run(i, 0);
        }
      }

      @Override
      public void close() {}
    };
  }
}
