package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalEntry.StepReached;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.operation.work.OperationLife.Transition;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An operation without a result, in this life of the sidecar. Thread-safe. */
final class LiveOperation implements Runnable {
  private static final Logger LOG = Logger.getLogger(LiveOperation.class.getName());
  private static final Duration PAUSE_OF_THE_JOURNAL = Duration.ofSeconds(2);
  private static final String BEGAN = "began";

  /** Told once, when the result is on disk. */
  interface Listener {
    void ended(LiveOperation operation, OperationResult result);
  }

  private final TakenCommand command;
  private final Workbench bench;
  private final Executor executor;
  private final Listener listener;
  private final StopSignal stop = new StopSignal();
  private final OperationMemory memory;
  private final OperationWork work;
  private final OperationTime.Deadline deadline;
  private OperationState state;
  private Optional<ScheduledFuture<?>> alarm = Optional.empty();

  /**
   * @param reached where an earlier life of the sidecar was; empty when it has not begun
   * @param timeLeft until the deadline, from now
   * @param executor for the end of operations that never ran; a new thread for each task
   */
  LiveOperation(
      TakenCommand command,
      Workbench bench,
      ClaimedNames names,
      Optional<StepReached> reached,
      Duration timeLeft,
      Executor executor,
      Listener listener) {
    this.command = command;
    this.bench = bench;
    this.executor = executor;
    this.listener = listener;
    this.memory = OperationMemory.parse(reached.map(StepReached::note).orElse(""));
    this.state = reached.isPresent() ? new OperationState.Running() : new OperationState.Waiting();
    this.deadline = bench.time().deadlineIn(timeLeft);
    this.work =
        new OperationWork(new StepContext(command, bench, stop, memory, deadline), names, reached);
  }

  TakenCommand command() {
    return command;
  }

  /** Lets the time run; at the deadline it acts by itself. */
  void watch(Duration timeLeft) {
    synchronized (this) {
      if (!(state instanceof OperationState.Ended)) {
        alarm =
            Optional.of(
                bench
                    .time()
                    .scheduler()
                    .schedule(
                        () -> happen(new OperationEvent.DeadlinePassed()),
                        Math.max(0, timeLeft.toNanos()),
                        TimeUnit.NANOSECONDS));
      }
    }
  }

  /** For one that has ended in an earlier life: clears what that could not clear any more. */
  void settle() {
    work.settle();
  }

  void cancel() {
    happen(new OperationEvent.CancelAsked());
  }

  /** Its turn in its lane: blocks until it has ended. */
  @Override
  public void run() {
    if (!bench.time().until(deadline).isPositive()) {
      // The alarm may come after the turn: what is late must not begin.
      handle(move(new OperationEvent.DeadlinePassed()), Runnable::run);
    }
    if (move(new OperationEvent.TurnCame()).action() != OperationLife.Action.WORK) {
      return;
    }
    if (memory.find(BEGAN).isEmpty()) {
      memory.put(BEGAN, bench.time().now().toString());
    }
    try {
      Ending ending = workToItsEnd();
      Transition transition = move(new OperationEvent.WorkEnded(ending.verdict()));
      end(transition.next(), ending);
    } catch (InterruptedException halted) {
      Thread.currentThread().interrupt();
      LOG.log(Level.FINE, "operation {0} is left to the next start", command.id());
    }
  }

  /** Whatever happens, the operation has an end: a batch would wait for it for ever. */
  private Ending workToItsEnd() throws InterruptedException {
    try {
      return work.run();
    } catch (RuntimeException | Error fault) {
      LOG.log(Level.SEVERE, fault, () -> "operation " + command.id() + ": internal error");
      return Ending.failed("internal error: " + fault);
    }
  }

  /** From any thread; what blocks goes to another. */
  private void happen(OperationEvent event) {
    handle(move(event), executor);
  }

  private void handle(Transition transition, Executor where) {
    switch (transition.action()) {
      case ASK_TO_STOP -> {
        StopCause cause = cause(transition.next());
        where.execute(() -> stop.ask(cause));
      }
      case END ->
          where.execute(() -> {
            try {
              end(transition.next(), Ending.stopped("not begun"));
            } catch (InterruptedException halted) {
              Thread.currentThread().interrupt();
            }
          });
      case NOTHING, WORK -> {}
    }
  }

  private static StopCause cause(OperationState next) {
    if (next instanceof OperationState.Stopping(StopCause cause)) {
      return cause;
    }
    throw new IllegalStateException("asked to stop in the state " + next);
  }

  private synchronized Transition move(OperationEvent event) {
    Transition transition = OperationLife.next(state, event);
    state = transition.next();
    return transition;
  }

  /** The result and its report are on disk together, however long that takes. */
  private void end(OperationState ended, Ending ending) throws InterruptedException {
    if (!(ended instanceof OperationState.Ended(Outcome outcome))) {
      throw new IllegalStateException("operation " + command.id() + " has not ended: " + ended);
    }
    synchronized (this) {
      alarm.ifPresent(scheduled -> scheduled.cancel(false));
    }
    Instant now = bench.time().now();
    OperationResult result =
        new OperationResult(
            outcome,
            message(outcome, ending),
            ending.processEnd(),
            ending.output(),
            began().orElse(now),
            now);
    while (!journalled(result)) {
      try {
        bench.time().after(PAUSE_OF_THE_JOURNAL).get();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    work.settle();
    listener.ended(this, result);
  }

  private boolean journalled(OperationResult result) {
    try {
      bench
          .journal()
          .append(state -> {
            List<JournalEntry> entries = new ArrayList<>();
            entries.add(new JournalEntry.OperationEnded(command.id(), result));
            entries.addAll(
                Outbox.queue(
                    state,
                    bench.time().now(),
                    new OutboxEvent.OperationFinished(command.id(), command.generation(), result)));
            return entries;
          });
      return true;
    } catch (JournalException failed) {
      LOG.log(
          Level.SEVERE,
          "the end of operation {0} is not on disk yet: {1}",
          new Object[] {command.id(), failed.getMessage()});
      return false;
    }
  }

  private String message(Outcome outcome, Ending ending) {
    if (ending.verdict() != Verdict.STOPPED) {
      return ending.message();
    }
    return switch (outcome) {
      case CANCELLED -> "cancelled: " + ending.message();
      case EXPIRED -> "expired: not begun within " + OperationText.duration(command.timeLeft());
      case FAILED ->
          "deadline passed after "
              + OperationText.duration(command.timeLeft())
              + ": "
              + ending.message();
      case SUCCEEDED, INTERRUPTED -> ending.message();
    };
  }

  private Optional<Instant> began() {
    try {
      return memory.find(BEGAN).map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }
}
