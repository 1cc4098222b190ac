package org.tokapu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.model.Inference;
import org.tokapu.model.KvSequence;
import org.tokapu.model.TokenBatch;
import org.tokapu.tensor.Parallel;
import org.tokapu.tensor.Tensor;

/// The thread that runs a model: plans, runs one ragged batch, samples, and begins anew.
///
/// Rows of all sequences run together; what they yield is the same as alone, since no kernel lets
/// the rows of a batch touch each other. An error of one sequence ends that one alone. Without work
/// the thread sleeps. The public methods may be called from any thread; everything else, the pool
/// of pages and all sequences included, belongs to the thread of the loop.
final class EngineLoop implements AutoCloseable {
  private final String name;
  private final Inference inference;
  private final Parallel parallel;
  private final int queue;
  private final SequencePages pages;
  private final Scheduler<Sequence> scheduler;
  private final Set<Sequence> live = new LinkedHashSet<>();
  private final float[][] buffers;
  private final Thread thread;
  private long promptTokens;
  private long generatedTokens;
  private volatile EngineStats stats;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  // Guarded by the lock.
  private final Deque<Sequence> submitted = new ArrayDeque<>();
  private final Deque<Runnable> actions = new ArrayDeque<>();
  private int unbegun;
  private boolean stopping;

  private volatile @Nullable Throwable ended;

  /// Starts the thread.
  ///
  /// @param name of the model, for messages
  /// @param inference runs the model; nobody else may use it while there is work
  EngineLoop(String name, Inference inference, Parallel parallel, ModelOptions options) {
    this.name = name;
    this.inference = inference;
    this.parallel = parallel;
    queue = options.queue();
    pages = new SequencePages(inference.pool());
    scheduler = new Scheduler<>(options.chunk());
    buffers = new float[parallel.width()][];
    stats = currentStats();
    thread = new Thread(this::loop, "tokapu-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /// Takes a sequence in.
  ///
  /// @throws OutOfCapacityException if too many wait already
  /// @throws TokapuException if the model has been closed
  void submit(Sequence sequence) {
    lock.lock();
    try {
      requireOpen();
      if (unbegun >= queue) {
        throw new OutOfCapacityException(
            ("%d requests wait for %s already; ask again later,"
                    + " or open the model with a longer queue (ModelOptions.withQueue)")
                .formatted(unbegun, name));
      }
      unbegun++;
      submitted.add(sequence);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Does something between two steps, on the thread of the loop, and returns its result.
  ///
  /// @throws TokapuException if the model has been closed
  <T> T call(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    lock.lock();
    try {
      requireOpen();
      actions.add(() -> {
        try {
          result.complete(action.get());
        } catch (RuntimeException | Error e) {
          result.completeExceptionally(e);
        }
      });
      work.signal();
    } finally {
      lock.unlock();
    }
    return await(result);
  }

  /// Waits for what the loop computes, and throws what it threw.
  static <T> T await(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  /// Has cancelled sequences noticed, also when nothing else happens.
  void wake() {
    lock.lock();
    try {
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Returns the state after the last step.
  EngineStats stats() {
    return stats;
  }

  /// Returns the cached pages; to be used within [#call].
  PrefixCache cache() {
    return pages.cache();
  }

  /// Throws if no more work is done.
  void requireOpen() {
    if (ended != null) {
      throw new TokapuException(
          ended instanceof CancellationException
              ? closed()
              : name + " has ended by an error; open the model again",
          ended);
    }
  }

  private String closed() {
    return name + " has been closed; open the model again";
  }

  private void loop() {
    Throwable cause = new CancellationException(closed());
    try {
      while (awaitWork()) {
        endCancelled();
        if (!live.isEmpty()) {
          step();
        }
      }
    } catch (RuntimeException | Error e) {
      cause = e;
    } finally {
      end(cause);
    }
  }

  /// Takes in what was submitted, waiting for it if there is nothing else; false if it is over.
  private boolean awaitWork() {
    List<Runnable> now;
    lock.lock();
    try {
      while (!stopping && live.isEmpty() && submitted.isEmpty() && actions.isEmpty()) {
        work.awaitUninterruptibly();
      }
      if (stopping) {
        return false;
      }
      submitted.forEach(live::add);
      submitted.forEach(scheduler::add);
      submitted.clear();
      now = List.copyOf(actions);
      actions.clear();
    } finally {
      lock.unlock();
    }
    now.forEach(Runnable::run);
    return true;
  }

  private void endCancelled() {
    List<Sequence> cancelled = live.stream().filter(Sequence::cancelled).toList();
    if (!cancelled.isEmpty()) {
      cancelled.forEach(sequence -> retire(sequence, true));
      stats = currentStats();
    }
  }

  private void retire(Sequence sequence, boolean keep) {
    stopsWaiting(sequence.begun() ? 0 : 1);
    live.remove(sequence);
    scheduler.remove(sequence);
    pages.release(sequence, keep);
  }

  private void stopsWaiting(long count) {
    if (count > 0) {
      lock.lock();
      try {
        unbegun -= Math.toIntExact(count);
      } finally {
        lock.unlock();
      }
    }
  }

  private void step() {
    List<Sequence> waiting = live.stream().filter(sequence -> !sequence.begun()).toList();
    List<Scheduler.Slice<Sequence>> plan = scheduler.plan(pages);
    stopsWaiting(waiting.stream().filter(Sequence::begun).count());
    if (plan.isEmpty()) {
      throw new IllegalStateException(live.size() + " sequences want to run, and none can");
    }
    run(plan);
  }

  private void run(List<Scheduler.Slice<Sequence>> plan) {
    int[] starts = plan.stream().mapToInt(slice -> slice.sequence().computed()).toArray();
    TokenBatch batch = batch(plan);
    Tensor hidden;
    Tensor logits;
    try {
      hidden = inference.hidden(batch);
      logits = inference.head(batch, hidden);
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < starts.length; i++) {
        kv(plan.get(i).sequence()).truncate(starts[i]);
      }
      recover(plan, e);
      return;
    }
    List<GeneratingSequence> sampling = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      if (batch.runs().get(i).logitRows() > 0
          && plan.get(i).sequence() instanceof GeneratingSequence generating) {
        sampling.add(generating);
      }
    }
    parallel.run(sampling.size(), (i, worker) -> sampling.get(i).sample(row(logits, i, worker)));
    commit(plan, batch, hidden);
  }

  /// Ends the one sequence that cannot be run, or runs each by itself to find out which it is.
  private void recover(List<Scheduler.Slice<Sequence>> plan, Throwable error) {
    if (plan.size() == 1) {
      Sequence sequence = plan.getFirst().sequence();
      retire(sequence, false);
      stats = currentStats();
      sequence.fail(error);
    } else {
      plan.forEach(slice -> run(List.of(slice)));
    }
  }

  private static KvSequence kv(Sequence sequence) {
    KvSequence kv = sequence.kv();
    if (kv == null) {
      throw new IllegalStateException("a sequence that runs holds pages");
    }
    return kv;
  }

  private static TokenBatch batch(List<Scheduler.Slice<Sequence>> plan) {
    TokenBatch.Builder builder = TokenBatch.builder();
    for (Scheduler.Slice<Sequence> slice : plan) {
      Sequence sequence = slice.sequence();
      int from = sequence.computed();
      int to = from + slice.rows();
      boolean samples = to == sequence.tokens().length() && sequence instanceof GeneratingSequence;
      builder.add(sequence.tokens().slice(from, to), kv(sequence), samples ? 1 : 0);
    }
    return builder.build();
  }

  private float[] row(Tensor logits, int row, int worker) {
    float[] buffer = buffers[worker];
    if (buffer == null) {
      buffer = new float[logits.cols()];
      buffers[worker] = buffer;
    }
    long offset = (long) row * logits.cols() * Float.BYTES;
    MemorySegment.copy(logits.data(), ValueLayout.JAVA_FLOAT, offset, buffer, 0, logits.cols());
    return buffer;
  }

  /// Ends what has ended, and only then tells the readers, so that whoever has read the end finds
  /// the memory free.
  private void commit(List<Scheduler.Slice<Sequence>> plan, TokenBatch batch, Tensor hidden) {
    List<Runnable> news = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      TokenBatch.Run run = batch.runs().get(i);
      Sequence sequence = plan.get(i).sequence();
      int prompt = sequence.tokens().promptLength();
      promptTokens += Math.clamp(prompt - run.start(), 0, run.rows());
      if (run.start() / Inference.PAGE_TOKENS != sequence.computed() / Inference.PAGE_TOKENS) {
        pages.keep(sequence);
      }
      switch (sequence) {
        case GeneratingSequence generating -> commit(generating, run, news);
        case EmbeddingSequence embedding -> {
          embedding.add(hidden, run.firstRow(), run.rows(), run.start());
          if (embedding.pending() == 0) {
            retire(embedding, false);
            news.add(embedding::deliver);
          }
        }
      }
    }
    stats = currentStats();
    news.forEach(Runnable::run);
  }

  private void commit(GeneratingSequence sequence, TokenBatch.Run run, List<Runnable> news) {
    if (run.logitRows() == 0) {
      return;
    }
    Throwable failure = sequence.failure();
    if (failure != null) {
      retire(sequence, false);
      news.add(() -> sequence.fail(failure));
      return;
    }
    generatedTokens++;
    if (sequence.finished()) {
      retire(sequence, true);
    }
    news.add(sequence::deliver);
  }

  private EngineStats currentStats() {
    int limit = inference.pool().limit();
    int cached = inference.pool().idlePages();
    return new EngineStats(
        scheduler.running(),
        scheduler.waiting(),
        limit,
        limit - inference.pool().freePages() - cached,
        cached,
        promptTokens,
        pages.reused(),
        generatedTokens,
        pages.preemptions());
  }

  /// Fails everything that is left.
  private void end(Throwable cause) {
    List<Sequence> left = new ArrayList<>(live);
    List<Runnable> actionsLeft;
    lock.lock();
    try {
      ended = cause;
      left.addAll(submitted);
      submitted.clear();
      actionsLeft = List.copyOf(actions);
      actions.clear();
    } finally {
      lock.unlock();
    }
    live.clear();
    actionsLeft.forEach(Runnable::run);
    left.forEach(sequence -> sequence.fail(error(cause)));
  }

  private TokapuException error(Throwable cause) {
    return cause instanceof CancellationException
        ? new TokapuException(closed())
        : new TokapuException(name + " has ended by an error; open the model again", cause);
  }

  /// Ends the thread after the step that is under way; sequences that have not ended fail. Harmless
  /// if repeated.
  @Override
  public void close() {
    lock.lock();
    try {
      stopping = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive() && !thread.equals(Thread.currentThread())) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
