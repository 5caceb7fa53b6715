package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalEntry.StepReached;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.prepare.DiskFailures;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.StoppedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs the steps of one operation, from the first or from the journalled one, to an ending. */
final class OperationWork {
  private static final Logger LOG = Logger.getLogger(OperationWork.class.getName());

  private final StepContext context;
  private final ClaimedNames names;
  private final Optional<StepReached> reached;
  private final List<Step> steps;

  /**
   * @param reached where an earlier life of the sidecar was
   */
  OperationWork(StepContext context, ClaimedNames names, Optional<StepReached> reached) {
    this.context = context;
    this.names = names;
    this.reached = reached;
    this.steps = StepLists.of(context.command().command());
  }

  /**
   * @throws InterruptedException when the sidecar stops working: the operation has no ending yet
   */
  Ending run() throws InterruptedException {
    // It may have waited for long. What had begun goes on: its launches ask again.
    Optional<String> refusal =
        reached.isPresent() ? Optional.empty() : context.bench().againstCommand(context.command());
    if (refusal.isPresent()) {
      return Ending.failed(refusal.get());
    }
    Optional<AgentId> other = names.claim(context.command());
    if (other.isPresent()) {
      return Ending.failed(
          "name: agent " + other.get() + " of the same name is being installed on this host");
    }
    try {
      Ending ending = runSteps();
      if (ending.verdict() != Verdict.SUCCEEDED) {
        removeUnfinished();
        discardCandidates();
      }
      return ending;
    } finally {
      names.release(context.command());
    }
  }

  /** Clears what the steps kept; for an operation whose end is on disk. */
  void settle() {
    for (Step step : steps) {
      settle(step);
    }
  }

  private Ending runSteps() throws InterruptedException {
    int first = reached.map(this::indexOf).orElse(0);
    if (first < 0) {
      return Ending.interrupted(
          "it was in the step " + reached.orElseThrow().step() + ", which this version has not");
    }
    steps.subList(0, first).forEach(this::settle);
    for (int index = first; index < steps.size(); index++) {
      Step step = steps.get(index);
      boolean resumed = reached.isPresent() && index == first;
      Optional<Ending> ending = runStep(step, index, resumed);
      if (ending.isPresent()) {
        return ending.get();
      }
    }
    return Ending.succeeded(Messages.said(context));
  }

  private Optional<Ending> runStep(Step step, int index, boolean resumed)
      throws InterruptedException {
    if (!resumed && step.mayStopBefore() && context.stop().isAsked()) {
      return Optional.of(Ending.stopped("before " + step.doing()));
    }
    try {
      if (!resumed) {
        reach(step, index == 0);
      }
      if (index > 0) {
        settle(steps.get(index - 1));
      }
      context.resumedHere(resumed);
      return switch (step.run(context)) {
        case Progress.Next() -> Optional.empty();
        case Progress.Finished(Ending ending) -> Optional.of(ending);
      };
    } catch (InterruptedException halted) {
      throw halted;
    } catch (Exception failure) {
      // An interrupt of the whole sidecar may come as a closed channel.
      if (Thread.interrupted()) {
        throw new InterruptedException("halted in the step " + step.name());
      }
      return Optional.of(endingOf(step, failure));
    }
  }

  private Ending endingOf(Step step, Exception failure) {
    return switch (failure) {
      case StoppedException stopped -> Ending.stopped(step.doing());
      case PrepareException refused -> Ending.failed(String.valueOf(refused.getMessage()));
      case JournalException failed -> Ending.failed("journal: " + failed.getMessage());
      case IOException failed ->
          Ending.failed(
              step.doing() + ": " + DiskFailures.explain(failed, context.bench().folders()));
      default -> {
        LOG.log(Level.SEVERE, "operation " + context.command().id() + ", " + step.name(), failure);
        yield Ending.failed(step.doing() + ": internal error: " + failure);
      }
    };
  }

  private void reach(Step step, boolean first) throws JournalException {
    StepReached entry =
        new StepReached(context.command().id(), step.name(), context.memory().format());
    context.append(state -> {
      List<JournalEntry> entries = new ArrayList<>();
      entries.add(entry);
      if (first) {
        entries.addAll(
            Outbox.queue(
                state,
                context.bench().time().now(),
                new OutboxEvent.OperationStarted(
                    context.command().id(), context.command().generation())));
      }
      return entries;
    });
  }

  private int indexOf(StepReached entry) {
    for (int index = 0; index < steps.size(); index++) {
      if (steps.get(index).name().equals(entry.step())) {
        return index;
      }
    }
    return -1;
  }

  private void settle(Step step) {
    try {
      step.settle(context);
    } catch (Exception left) {
      LOG.log(
          Level.WARNING,
          "operation {0}: {1} could not be cleared: {2}",
          new Object[] {context.command().id(), step.name(), left});
    }
  }

  /** Values that did not come into force lie nowhere. */
  private void discardCandidates() {
    String name =
        switch (context.command().command()) {
          case Command.Install install -> install.definition().name();
          case Command.Configure configure -> configure.definition().name();
          case Command.Start start -> "";
          case Command.Stop stop -> "";
          case Command.Restart restart -> "";
          case Command.Uninstall uninstall -> "";
          case Command.Exec exec -> "";
          case Command.UpgradeSidecar upgrade -> "";
          case Command.ConfigureSidecar reconfigure -> "";
        };
    if (name.isEmpty()) {
      return;
    }
    try {
      context.bench().files().discardCandidates(context.folders(name));
      context.bench().secrets().discardCandidate(context.folders(name));
    } catch (IOException | PrepareException left) {
      LOG.log(
          Level.WARNING,
          "operation {0}: what was rendered could not be removed: {1}",
          new Object[] {context.command().id(), left});
    }
  }

  /** A first install that fails leaves nothing of an agent that does not exist. */
  private void removeUnfinished() {
    if (context.command().command() instanceof Command.Install install
        && context.findAgent().isEmpty()
        && context.bench().journal().state().agents().values().stream()
            .noneMatch(agent -> agent.definition().name().equals(install.definition().name()))) {
      try {
        context.bench().layout().removeUnfinished(context.folders(install.definition().name()));
      } catch (IOException | PrepareException left) {
        LOG.log(
            Level.WARNING,
            "operation {0}: what was prepared could not be removed: {1}",
            new Object[] {context.command().id(), left});
      }
    }
  }
}
