package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.prepare.AgentFolders;
import io.easyagent.sidecar.prepare.Pause;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.secret.Redaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What a step sees of its operation. For the operation's thread. */
final class StepContext {
  private final TakenCommand command;
  private final Workbench bench;
  private final StopSignal stop;
  private final OperationMemory memory;
  private final OperationTime.Deadline deadline;
  private boolean resumedHere;

  StepContext(
      TakenCommand command,
      Workbench bench,
      StopSignal stop,
      OperationMemory memory,
      OperationTime.Deadline deadline) {
    this.command = command;
    this.bench = bench;
    this.stop = stop;
    this.memory = memory;
    this.deadline = deadline;
  }

  TakenCommand command() {
    return command;
  }

  Workbench bench() {
    return bench;
  }

  StopSignal stop() {
    return stop;
  }

  /** Between two tries of a step: ends when the operation is asked to stop. */
  Pause pause() {
    return duration -> stop.await(bench.time().after(duration));
  }

  OperationMemory memory() {
    return memory;
  }

  /** Whether an earlier life of the sidecar had begun with this very step. */
  boolean resumedHere() {
    return resumedHere;
  }

  void resumedHere(boolean resumed) {
    resumedHere = resumed;
  }

  Duration timeLeft() {
    Duration left = bench.time().until(deadline);
    return left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left;
  }

  /** Always the same for the same step and subject, so that a task is found again. */
  UUID taskId(Step step, String subject) {
    return TaskId.of(command.id(), step, subject);
  }

  AgentId agentId() {
    return command
        .command()
        .agentId()
        .orElseThrow(() -> new IllegalStateException("a step of an agent for a host's command"));
  }

  Optional<AgentRecord> findAgent() {
    return Optional.ofNullable(bench.journal().state().agents().get(agentId()));
  }

  AgentRecord requireAgent() throws PrepareException {
    return findAgent()
        .orElseThrow(() ->
            new PrepareException(
                "agent: " + agentId() + " (expected: an agent installed on this host)"));
  }

  AgentFolders folders(String name) throws PrepareException {
    return bench.folders().agent(name);
  }

  /**
   * Of what the operation's processes print: the secrets of its agent; for the host's own, which
   * may look anywhere, those of every agent.
   */
  Redaction redaction() throws PrepareException {
    return switch (command.command()) {
      case Command.Install install -> bench.secrets().redaction(install.definition().name());
      case Command.Exec exec when exec.agentId().isEmpty() ->
          bench.secrets().redaction(bench.journal().state().agents().values());
      case Command.Exec exec -> ofAgent();
      case Command.Configure configure -> ofAgent();
      case Command.Uninstall uninstall -> ofAgent();
      case Command.Start start -> ofAgent();
      case Command.Stop stop -> ofAgent();
      case Command.Restart restart -> ofAgent();
      case Command.UpgradeSidecar upgrade -> Redaction.NONE;
      case Command.ConfigureSidecar configure -> Redaction.NONE;
    };
  }

  private Redaction ofAgent() throws PrepareException {
    return bench.secrets().redaction(findAgent().stream().toList());
  }

  void append(Function<JournalState, List<JournalEntry>> decision) throws JournalException {
    bench.journal().append(decision);
  }

  /** Keeps the agent and reports it as it is now. */
  void keep(AgentRecord agent) throws JournalException {
    Optional<OutboxEvent> report =
        bench.supervised().contains(agent.id())
            ? Optional.of(
                new OutboxEvent.AgentReported(
                    agent, bench.supervised().supervision().observe(agent.id())))
            : Optional.empty();
    append(state -> {
      List<JournalEntry> entries = new ArrayList<>();
      entries.add(new JournalEntry.AgentKept(agent));
      report.ifPresent(event -> entries.addAll(Outbox.queue(state, bench.time().now(), event)));
      return entries;
    });
  }
}
