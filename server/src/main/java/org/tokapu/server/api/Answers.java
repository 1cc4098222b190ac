package org.tokapu.server.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.engine.FinishReason;
import org.tokapu.engine.GeneratedToken;
import org.tokapu.engine.Generation;
import org.tokapu.engine.Timings;
import org.tokapu.engine.Usage;
import org.tokapu.engine.sampling.SamplingParams;
import org.tokapu.server.http.ApiError;
import org.tokapu.server.http.ClientGoneException;
import org.tokapu.server.http.Exchange;

/// Several answers of one request that are generated beside each other, each on a thread of its
/// own, and come together on the thread of the request.
///
/// Whoever waits is never blocked for long: it sees when the client goes away, and can write a sign
/// of life while a long prompt is read. Closing cancels whatever still runs.
final class Answers implements AutoCloseable {
  /// How often the request looks whether its client is still there.
  private static final int LOOK_MILLIS = 100;

  private static final Duration SILENCE = Duration.ofSeconds(5);

  /// What an answer does.
  sealed interface Step {
    /// Returns which answer.
    int index();

    /// One more token.
    record Token(int index, GeneratedToken token) implements Step {}

    /// It has ended.
    record End(int index, FinishReason reason, Usage usage, Timings timings) implements Step {}

    /// It could not be finished.
    record Failure(int index, Throwable cause) implements Step {}
  }

  /// Takes the steps of the answers.
  interface Listener {
    /// Takes a token.
    void token(int index, GeneratedToken token);

    /// Hears that an answer has ended.
    void end(Step.End end);

    /// Hears that nothing has come for a while.
    default void silence() {}
  }

  private final ServedModel model;
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final List<Task> tasks = new ArrayList<>();

  private final BiConsumer<Usage, Timings> charge;

  private final String scope;

  private Answers(ServedModel model, String scope, BiConsumer<Usage, Timings> charge) {
    this.model = model;
    this.scope = scope;
    this.charge = charge;
  }

  /// What is to be generated for one answer.
  record Job(Prompt prompt, SamplingParams params) {}

  /// Starts an answer for each job.
  ///
  /// @param scope whose answers they are
  /// @param charge told what each answer took, also one that was broken off
  /// @throws OutOfCapacityException if too many wait already
  static Answers start(
      ServedModel model, String scope, List<Job> jobs, BiConsumer<Usage, Timings> charge) {
    Answers answers = new Answers(model, scope, charge);
    model.queue(jobs.size());
    for (Job job : jobs) {
      answers.tasks.add(answers.new Task(answers.tasks.size(), job, model.new Ticket()));
    }
    answers.tasks.forEach(Task::start);
    return answers;
  }

  /// Hands everything that the answers do to `listener` until all have ended.
  ///
  /// @throws ClientGoneException if the client goes away
  /// @throws ApiError if an answer fails
  void forEach(Exchange exchange, Listener listener) {
    int open = tasks.size();
    long lastStep = System.nanoTime();
    long lastLook = lastStep;
    while (open > 0) {
      Step step = next();
      long now = System.nanoTime();
      if (step == null || now - lastLook > LOOK_MILLIS * 1_000_000L) {
        lastLook = now;
        if (exchange.clientGone()) {
          throw new ClientGoneException("while answering");
        }
      }
      if (step != null || now - lastStep > SILENCE.toNanos()) {
        lastStep = now;
      }
      switch (step) {
        case null -> {
          if (lastStep == now) {
            listener.silence();
          }
        }
        case Step.Token token -> listener.token(token.index, token.token);
        case Step.End end -> {
          open--;
          listener.end(end);
        }
        case Step.Failure failure -> throw failure(failure.cause);
      }
    }
  }

  private @Nullable Step next() {
    try {
      return steps.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted");
    }
  }

  private static RuntimeException failure(Throwable cause) {
    return switch (cause) {
      case OutOfCapacityException capacity -> capacity;
      case TokapuException known -> ApiError.internal(String.valueOf(known.getMessage()));
      case RuntimeException other -> other;
      default -> new IllegalStateException(cause);
    };
  }

  /// Ends what still runs, before its next forward pass.
  @Override
  public void close() {
    cancelled.set(true);
    tasks.forEach(Task::cancel);
  }

  private final class Task {
    private final int index;
    private final Job job;
    private final ServedModel.Ticket ticket;
    private @Nullable Generation generation;

    Task(int index, Job job, ServedModel.Ticket ticket) {
      this.index = index;
      this.job = job;
      this.ticket = ticket;
    }

    void start() {
      Thread.ofVirtual().name("tokapu-answer").start(this::run);
    }

    private void run() {
      try (ticket) {
        if (ticket.await(cancelled::get)) {
          generate();
        }
      } catch (Throwable e) {
        steps.add(new Step.Failure(index, e));
      }
    }

    private void generate() {
      try (Generation started = model.start(job.prompt, job.params, scope)) {
        synchronized (this) {
          generation = started;
        }
        if (cancelled.get()) {
          return;
        }
        try {
          for (GeneratedToken token : started) {
            steps.add(new Step.Token(index, token));
          }
        } finally {
          charge.accept(started.usage(), started.timings());
        }
        FinishReason reason = started.finish().orElse(FinishReason.FAILED);
        steps.add(new Step.End(index, reason, started.usage(), started.timings()));
      }
    }

    synchronized void cancel() {
      Generation running = generation;
      if (running != null) {
        running.cancel();
      }
    }
  }
}
