package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.Journal.NoRoom;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.JournalState.KnownOperation;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.journal.OutboxEvent.OperationFinished;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.TakenCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Operations that are in the journal before anything is done for them and until their end is
 * reported. To be started with {@link #resume} once, after {@link SupervisedAgents#recover}.
 */
public final class JournalledOperations implements Operations, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(JournalledOperations.class.getName());
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Workbench bench;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Lanes lanes = new Lanes(executor);
  private final ClaimedNames names = new ClaimedNames();
  private final Map<OperationId, LiveOperation> live = new ConcurrentHashMap<>();
  private final Queue<TakenCommand> notBegun = new ConcurrentLinkedQueue<>();
  private final Map<Optional<AgentId>, Object> intakes = new ConcurrentHashMap<>();
  private final Map<OperationId, CompletableFuture<OperationResult>> hosts =
      new ConcurrentHashMap<>();

  public JournalledOperations(Workbench bench) {
    this.bench = bench;
  }

  /**
   * Takes up every operation of the journal that has begun and has no result, in the order of their
   * taking. What has not begun waits for {@link #agreed}, unless it is the host's own: no server
   * knows more of that.
   */
  public void resume() {
    for (KnownOperation known : bench.journal().state().operations().values()) {
      OperationId id = known.command().id();
      if (known.result().isEmpty() && known.step().isEmpty() && !id.isHosts()) {
        notBegun.add(known.command());
        continue;
      }
      Duration left = bench.time().leftOf(known.command());
      LiveOperation operation = operation(known.command(), known.step(), left);
      if (known.result().isPresent()) {
        operation.settle();
        forgetOwn(id);
      } else {
        if (id.isHosts()) {
          hosts.put(id, new CompletableFuture<>());
        }
        begin(operation, left);
      }
    }
  }

  @Override
  public Intake take(TakenCommand command) {
    // Operations of a lane stand in it in the order in which they are in the journal.
    synchronized (intakes.computeIfAbsent(command.command().agentId(), absent -> new Object())) {
      Intake[] intake = new Intake[1];
      Optional<String> refusal = bench.againstCommand(command);
      try {
        bench.journal().append(state -> decide(state, command, refusal, intake));
      } catch (NoRoom full) {
        return failWithoutRoom(command, "journal: " + full.getMessage());
      } catch (JournalException failed) {
        return new Intake.Refused("journal: " + failed.getMessage());
      }
      if (intake[0] instanceof Intake.Taken) {
        Duration left = command.timeLeft();
        begin(operation(command, Optional.empty(), left), left);
      }
      return intake[0];
    }
  }

  /**
   * Runs work of the host's own when its turn among the operations of an agent has come.
   *
   * @param work must not throw
   * @return false when too many wait already, or the sidecar is ending: it is not run then
   */
  boolean takeTurn(AgentId agent, Runnable work) {
    Optional<AgentId> lane = Optional.of(agent);
    synchronized (intakes.computeIfAbsent(lane, absent -> new Object())) {
      if (executor.isShutdown() || !lanes.hasRoom(lane)) {
        return false;
      }
      lanes.add(lane, work);
      return true;
    }
  }

  /**
   * Takes a command of the host's own.
   *
   * @return its end, when it comes; it does not come when the sidecar ends first
   */
  CompletableFuture<OperationResult> takeOwn(TakenCommand command) {
    CompletableFuture<OperationResult> end = new CompletableFuture<>();
    hosts.put(command.id(), end);
    switch (take(command)) {
      case Intake.Taken() -> {}
      case Intake.Failed(String reason) -> notTaken(command, reason, end);
      case Intake.Refused(String reason) -> notTaken(command, reason, end);
      case Intake.KnownAlready() -> notTaken(command, "it is known already", end);
    }
    return end;
  }

  private void notTaken(
      TakenCommand command, String reason, CompletableFuture<OperationResult> end) {
    hosts.remove(command.id());
    forgetOwn(command.id());
    end.complete(OperationResult.notRun(reason, bench.time().now()));
  }

  /** The ends of all operations of the host's own that have none yet. */
  List<CompletableFuture<OperationResult>> endsOfOwn() {
    return List.copyOf(hosts.values());
  }

  boolean isClosed() {
    return executor.isShutdown();
  }

  @Override
  public void agreed(Set<OperationId> over) {
    for (TakenCommand command = notBegun.poll(); command != null; command = notBegun.poll()) {
      if (!over.contains(command.id())) {
        Duration left = bench.time().leftOf(command);
        begin(operation(command, Optional.empty(), left), left);
        continue;
      }
      OperationId id = command.id();
      try {
        bench.journal().append(_ -> List.of(new JournalEntry.OperationForgotten(id)));
        LOG.log(Level.INFO, "operation {0} is over for the server: not begun here again", id);
      } catch (JournalException failed) {
        LOG.log(Level.WARNING, failed, () -> "operation " + id + " is over and was not forgotten");
      }
    }
  }

  @Override
  public void cancel(OperationId operation) {
    Optional.ofNullable(live.get(operation)).ifPresent(LiveOperation::cancel);
  }

  /**
   * Leaves what runs as it is: its tasks run on, and the next start takes it up. Returns when no
   * step runs any more, or after a bounded time.
   */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "operations still run; the next start takes them up");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private List<JournalEntry> decide(
      JournalState state, TakenCommand command, Optional<String> refusal, Intake[] intake) {
    KnownOperation known = state.operations().get(command.id());
    if (known == null) {
      if (executor.isShutdown()) {
        intake[0] = new Intake.Refused("the sidecar is shutting down");
        return List.of();
      }
      if (Outbox.isEndQueued(state, command.id())) {
        intake[0] = new Intake.KnownAlready();
        return List.of();
      }
      if (!lanes.hasRoom(command.command().agentId())) {
        String reason =
            "waiting operations: " + Lanes.MOST_WAITING + " (expected: fewer in one lane)";
        intake[0] = new Intake.Failed(reason);
        return takenAndEnded(state, command, OperationResult.refused(reason, bench.time().now()));
      }
      if (refusal.isPresent()) {
        intake[0] = new Intake.Failed(refusal.get());
        return takenAndEnded(
            state, command, OperationResult.notRun(refusal.get(), bench.time().now()));
      }
      intake[0] = new Intake.Taken();
      return List.of(new JournalEntry.CommandTaken(command));
    }
    if (!known.command().digest().equals(command.digest())) {
      intake[0] =
          new Intake.Refused(
              "operation "
                  + command.id()
                  + " is known with the digest "
                  + known.command().digest()
                  + " (expected: the same, not "
                  + command.digest()
                  + ")");
      return List.of();
    }
    intake[0] = new Intake.KnownAlready();
    if (known.result().isEmpty() || Outbox.isEndQueued(state, command.id())) {
      return List.of();
    }
    return Outbox.queue(
        state,
        bench.time().now(),
        new OutboxEvent.OperationFinished(
            command.id(), known.command().generation(), known.result().get()));
  }

  private List<JournalEntry> takenAndEnded(
      JournalState state, TakenCommand command, OperationResult result) {
    List<JournalEntry> entries = new ArrayList<>();
    entries.add(new JournalEntry.CommandTaken(command));
    entries.add(new JournalEntry.OperationEnded(command.id(), result));
    entries.addAll(
        Outbox.queue(
            state,
            bench.time().now(),
            new OperationFinished(command.id(), command.generation(), result)));
    return entries;
  }

  /** Its end takes far less room than the command and what is reserved for a result. */
  private Intake failWithoutRoom(TakenCommand command, String reason) {
    try {
      bench
          .journal()
          .append(state ->
              Outbox.refuse(state, bench.time().now(), command.id(), command.generation(), reason));
      return new Intake.Failed(reason);
    } catch (JournalException failed) {
      return new Intake.Refused(reason);
    }
  }

  private LiveOperation operation(
      TakenCommand command, Optional<JournalEntry.StepReached> reached, Duration left) {
    return new LiveOperation(command, bench, names, reached, left, executor, this::ended);
  }

  private void begin(LiveOperation operation, Duration left) {
    live.put(operation.command().id(), operation);
    operation.watch(left);
    lanes.add(operation.command().command().agentId(), operation);
  }

  private void ended(LiveOperation operation, OperationResult result) {
    OperationId id = operation.command().id();
    live.remove(id);
    lanes.remove(operation.command().command().agentId(), operation);
    forgetOwn(id);
    Optional.ofNullable(hosts.remove(id)).ifPresent(awaited -> awaited.complete(result));
  }

  /** Nobody will ask for it again. What cannot be forgotten now is at the next start. */
  private void forgetOwn(OperationId id) {
    if (!id.isHosts()) {
      return;
    }
    try {
      bench.journal().append(_ -> List.of(new JournalEntry.OperationForgotten(id)));
    } catch (JournalException failed) {
      LOG.log(Level.WARNING, failed, () -> "operation " + id + " is over and was not forgotten");
    }
  }
}
