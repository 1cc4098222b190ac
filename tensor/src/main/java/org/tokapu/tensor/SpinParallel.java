package org.tokapu.tensor;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A persistent team of daemon threads that waits for work spinning, and parks after 50 µs.
///
/// Handing over a phase costs about a microsecond while the team is awake. Pieces are claimed one
/// by one from a counter, so a core that strangers slow down simply does fewer. The counter also
/// carries the number of the phase: a thread that wakes late cannot claim anything of a phase that
/// has ended, hence nobody waits for threads that sleep.
///
/// [#run] may be called from any thread, by one at a time; nested calls are refused.
public final class SpinParallel implements Parallel {
  /// Longer than the gaps between the phases of one token, short enough not to burn an idle core.
  private static final long SPIN_NANOS = 50_000;

  // Counters stand 128 bytes apart, since two cache lines are fetched together.
  private static final int TICKET = 16;
  private static final int PENDING = 32;
  private static final int SLEEPERS = 48;
  private static final int BUSY = 64;

  /// `TICKET` holds the phase in its upper half and the unclaimed pieces in its lower half.
  private final AtomicLongArray state = new AtomicLongArray(80);

  private final Thread[] team;
  private volatile boolean closed;

  // Written by the caller before the ticket is, read by others after they have claimed a piece.
  private Task task = (index, worker) -> {};
  private int tasks;

  private volatile @Nullable Throwable failure;

  private SpinParallel(int width) {
    team = new Thread[width - 1];
    for (int i = 0; i < team.length; i++) {
      int worker = i + 1;
      team[i] = new Thread(() -> work(worker), "tokapu-compute-" + worker);
      team[i].setDaemon(true);
      team[i].start();
    }
  }

  /// Starts a team of `threads`, the caller's included.
  public static SpinParallel of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be positive, is " + threads);
    }
    return new SpinParallel(threads);
  }

  /// Starts a team as wide as the machine has cores.
  public static SpinParallel ofCores() {
    return of(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public int width() {
    return team.length + 1;
  }

  @Override
  public void run(int tasks, Task task) {
    if (closed) {
      throw new IllegalStateException("the threads have been closed");
    }
    if (tasks <= 0) {
      return;
    }
    if (!state.compareAndSet(BUSY, 0, 1)) {
      throw new IllegalStateException("already running: one caller at a time, and never nested");
    }
    try {
      runPhase(tasks, task);
    } finally {
      state.set(BUSY, 0);
    }
  }

  private void runPhase(int tasks, Task task) {
    if (tasks == 1 || team.length == 0) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, 0);
      }
      return;
    }
    this.task = task;
    this.tasks = tasks;
    failure = null;
    state.set(PENDING, tasks);
    state.set(TICKET, ((state.get(TICKET) >>> 32) + 1) << 32 | tasks);
    if (state.get(SLEEPERS) > 0) {
      Arrays.stream(team).forEach(LockSupport::unpark);
    }
    drain(0);
    awaitOthers();
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throwUnchecked(thrown);
    }
  }

  /// Claims and runs pieces until none is left.
  private void drain(int worker) {
    long done = 0;
    while (true) {
      long ticket = state.get(TICKET);
      int left = (int) ticket;
      if (left == 0) {
        break;
      }
      if (state.compareAndSet(TICKET, ticket, ticket - 1)) {
        runOne(tasks - left, worker);
        done++;
      }
    }
    if (done > 0) {
      state.addAndGet(PENDING, -done);
    }
  }

  private void runOne(int index, int worker) {
    if (failure != null) {
      return;
    }
    try {
      task.run(index, worker);
    } catch (Throwable t) {
      failure = t;
    }
  }

  // Yields only once a straggler has lost its core: then this one is what it may need.
  @SuppressWarnings("ThreadPriorityCheck")
  private void awaitOthers() {
    for (int spins = 0; state.get(PENDING) > 0; spins++) {
      if (spins < 10_000) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void work(int worker) {
    while (!closed) {
      if ((int) state.get(TICKET) != 0) {
        drain(worker);
      } else {
        awaitWork();
      }
    }
  }

  private void awaitWork() {
    long start = System.nanoTime();
    while ((int) state.get(TICKET) == 0 && !closed) {
      for (int i = 0; i < 32; i++) {
        Thread.onSpinWait();
      }
      if (System.nanoTime() - start > SPIN_NANOS) {
        state.incrementAndGet(SLEEPERS);
        // Looked at again after the announcement: the caller publishes first and counts after.
        if ((int) state.get(TICKET) == 0 && !closed) {
          LockSupport.park(this);
        }
        state.decrementAndGet(SLEEPERS);
        start = System.nanoTime();
      }
    }
  }

  private static void throwUnchecked(Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(thrown);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : team) {
      LockSupport.unpark(thread);
    }
  }
}
