package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.process.ProcessAction.Announce;
import io.easyagent.sidecar.process.ProcessAction.DropRecord;
import io.easyagent.sidecar.process.ProcessAction.Kind;
import io.easyagent.sidecar.process.ProcessAction.ReportScheduled;
import io.easyagent.sidecar.process.ProcessAction.SendStopSignal;
import io.easyagent.sidecar.process.ProcessState.Ending;
import io.easyagent.sidecar.process.ProcessState.Run;
import io.easyagent.sidecar.process.ProcessState.StopReason;
import io.easyagent.sidecar.process.ProcessState.Stopping;
import io.easyagent.sidecar.process.ProcessState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How the runs of a scheduled agent follow each other. */
final class RunTurns {
  private static final String LOST = "it had not ended when the sidecar or its host did";

  private final ProcessRules rules;
  private final Starts starts;
  private final Optional<Schedule> schedule;

  RunTurns(ProcessRules rules, Starts starts) {
    this.rules = rules;
    this.starts = starts;
    this.schedule = rules.schedule();
  }

  /** Nothing runs, and the schedule is to be kept from now on. */
  Step begin(ProcessLife life) {
    if (life.runs().current().isEmpty()) {
      return next(life);
    }
    String cause = lastRun(life.runs(), LOST);
    return next(ended(life, true, LOST)).before(new Announce(Kind.RUN_FAILED, cause));
  }

  /** A run has ended and nothing is left of it. One whose end was told before is not told again. */
  Step ended(ProcessLife life, Ending ending) {
    return life.runs().current().isEmpty()
        ? next(life)
        : next(ended(life, ending.failed(), ending.cause()));
  }

  private ProcessLife ended(ProcessLife life, boolean failed, String cause) {
    Runs counted = life.runs().ended(failed);
    String inARow =
        counted.failures() > 1 ? " (failed " + counted.failures() + " times in a row)" : "";
    return life.withRuns(counted).because(lastRun(life.runs(), cause) + inARow);
  }

  /** The run that waits, or the wait for one. */
  private Step next(ProcessLife life) {
    return life.runs()
        .queued()
        .map(due -> launch(life, due).before(new ReportScheduled()))
        .orElseGet(() -> Step.of(life.in(new Waiting()), new DropRecord(), new ReportScheduled()));
  }

  Step launch(ProcessLife life, Instant due) {
    return starts.start(life.withRuns(life.runs().begun(due)), 0);
  }

  /** A run is due while the one in progress has a process that can be ended for it. */
  Step dueWhile(ProcessLife life, Run run, Instant due, Duration now) {
    Step waiting = dueMeanwhile(life, due);
    return replacement(waiting.life(), run, now)
        .map(stop -> {
          Step all = stop;
          for (ProcessAction said : waiting.actions()) {
            all = all.before(said);
          }
          return all;
        })
        .orElse(waiting);
  }

  /** The end of a run for the one that waits, where the schedule has it so. */
  Optional<Step> replacement(ProcessLife life, Run run, Duration now) {
    return life.runs()
        .queued()
        .filter(_ -> overlap() == Schedule.Overlap.REPLACE)
        .map(due ->
            Step.of(
                life.in(
                    new Stopping(
                        run,
                        StopReason.REPLACED,
                        "replaced by the run due " + shown(due),
                        now.plus(rules.stop().grace()))),
                new SendStopSignal(run.pid())));
  }

  private Schedule.Overlap overlap() {
    return schedule.map(Schedule::overlap).orElse(Schedule.Overlap.SKIP);
  }

  /**
   * A run is due before the one in progress has ended; the state stays. Nothing is due for an agent
   * that is to be stopped.
   */
  Step dueMeanwhile(ProcessLife life, Instant due) {
    if (schedule.isEmpty() || life.desired() == DesiredState.STOPPED) {
      return ProcessMachine.ignored(life);
    }
    Optional<Instant> queued = life.runs().queued();
    return switch (overlap()) {
      case SKIP -> Step.of(life, skipped(due, "the one before it has not ended"));
      case QUEUE ->
          queued.isPresent()
              ? Step.of(life, skipped(due, "another one waits already"))
              : Step.of(
                  life.withRuns(life.runs().waiting(due)),
                  new Announce(
                      Kind.RUN_QUEUED,
                      "the run due " + shown(due) + " waits for the end of the one before it"));
      case REPLACE -> {
        Step waiting = Step.of(life.withRuns(life.runs().waiting(due)));
        yield queued
            .map(earlier -> waiting.before(skipped(earlier, "the next one is due")))
            .orElse(waiting);
      }
    };
  }

  private Announce skipped(Instant due, String why) {
    return new Announce(Kind.RUN_SKIPPED, "the run due " + shown(due) + " is left out: " + why);
  }

  /** For example {@code last run 2026-03-01 02:10: exit 0 after 4.1 s}. */
  private String lastRun(Runs runs, String cause) {
    return "last run" + runs.current().map(due -> " " + shown(due)).orElse("") + ": " + cause;
  }

  /** The end of a run as an event. */
  Announce announced(ProcessLife life, Ending ending) {
    return life.runs()
        .current()
        .map(due ->
            new Announce(
                ending.failed() ? Kind.RUN_FAILED : Kind.EXITED,
                "run due " + shown(due) + ": " + ending.cause()))
        .orElseGet(() -> new Announce(Kind.EXITED, ending.cause()));
  }

  private String shown(Instant due) {
    return schedule.map(times -> times.shown(due)).orElseGet(due::toString);
  }
}
