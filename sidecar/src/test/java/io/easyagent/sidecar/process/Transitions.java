package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.HealthCheck.OnFailure;
import io.easyagent.sidecar.agent.ObservedAgent.Health;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.RestartRule.Policy;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import io.easyagent.sidecar.process.ProcessEvent.FoundDue;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.ProcessState.Ending;
import io.easyagent.sidecar.process.ProcessState.Run;
import io.easyagent.sidecar.process.ProcessState.StopReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Every state meets every event, under every kind of rule: what comes of it. */
final class Transitions {
  private static final Duration NOW = Duration.ofHours(1);
  private static final Duration EARLIER = NOW.minusSeconds(1);
  private static final Duration LATER = NOW.plusSeconds(1);
  private static final Instant FIRST = Instant.parse("2026-03-01T01:10:00Z");
  private static final Instant SECOND = Instant.parse("2026-03-02T01:10:00Z");
  private static final Instant THIRD = Instant.parse("2026-03-03T01:10:00Z");
  private static final Run RUN = new Run(4711, NOW.minusSeconds(100), 2);

  /** One event met in one state. */
  record Visit(ProcessRules rules, ProcessLife before, ProcessEvent event, Step step) {
    String state() {
      return before.state().getClass().getSimpleName();
    }

    String eventName() {
      return event.getClass().getSimpleName();
    }

    String next() {
      return step.life().state().getClass().getSimpleName();
    }
  }

  private Transitions() {}

  static List<Visit> all() {
    List<Visit> visits = new ArrayList<>();
    for (ProcessRules rules : rules()) {
      ProcessMachine machine = new ProcessMachine(rules, () -> 0.5);
      for (DesiredState desired : DesiredState.values()) {
        for (ProcessState state : states()) {
          for (Runs runs : runs(rules)) {
            ProcessLife life = new ProcessLife(desired, state, 3, "a cause", runs);
            for (ProcessEvent event : events()) {
              visits.add(new Visit(rules, life, event, machine.step(life, event, NOW)));
            }
          }
        }
      }
    }
    return visits;
  }

  private static List<Runs> runs(ProcessRules rules) {
    return rules.type() == AgentType.SCHEDULED
        ? List.of(
            Runs.NONE,
            new Runs(Optional.of(FIRST), Optional.empty(), 0),
            new Runs(Optional.of(FIRST), Optional.of(SECOND), 2))
        : List.of(Runs.NONE);
  }

  private static List<ProcessRules> rules() {
    List<ProcessRules> rules = new ArrayList<>();
    for (AgentType type : List.of(AgentType.SERVICE, AgentType.ONESHOT)) {
      for (Policy policy : Policy.values()) {
        ProcessRules plain = Rules.of(type, policy);
        rules.add(plain);
        rules.add(Rules.withReady(plain, Duration.ofSeconds(90)));
        rules.add(
            Rules.withReady(
                plain, new Readiness(new Readiness.Sign.StayedUp(), Duration.ofSeconds(5))));
        rules.add(
            Rules.withReady(
                plain, new Readiness(new Readiness.Sign.Line("up"), Duration.ofSeconds(5))));
        rules.add(Rules.withSuccess(plain, new SuccessfulEnds(Set.of(1), Set.of("KILL"))));
        rules.add(Rules.withHooks(plain, true, true));
        rules.add(Rules.withHealth(plain, OnFailure.REPORT));
        rules.add(Rules.withHealth(plain, OnFailure.RESTART));
        rules.add(Rules.withHealth(plain, OnFailure.STOP));
      }
    }
    // They have neither readiness nor health, and are never restarted.
    for (Schedule.Overlap overlap : Schedule.Overlap.values()) {
      ProcessRules plain = Rules.scheduled(overlap);
      rules.add(plain);
      rules.add(Rules.withHooks(plain, true, true));
    }
    rules.add(
        Rules.withSuccess(
            Rules.scheduled(Schedule.Overlap.SKIP), new SuccessfulEnds(Set.of(1), Set.of("KILL"))));
    return rules;
  }

  static List<ProcessState> states() {
    List<ProcessState> states = new ArrayList<>();
    states.add(new ProcessState.Finding());
    states.add(new ProcessState.Stopped());
    states.add(new ProcessState.Launching(0, false));
    states.add(new ProcessState.Launching(4, true));
    for (Due due : dues()) {
      Run run = new Run(4711, NOW.minusSeconds(100), 2, due.phase());
      states.add(new ProcessState.HookLaunching(due));
      states.add(new ProcessState.HookRunning(due, run, LATER, false));
      states.add(new ProcessState.HookRunning(due, run, EARLIER, false));
      states.add(new ProcessState.HookRunning(due, run, EARLIER, true));
      states.add(new ProcessState.HookClearing(due, "", Optional.empty()));
      states.add(new ProcessState.HookClearing(due, "postStop: exit 3", Optional.of(EARLIER)));
      states.add(new ProcessState.HookClearing(due, "", Optional.of(LATER)));
    }
    Run preStart = new Run(4711, NOW.minusSeconds(100), 2, Phase.PRE_START);
    states.add(new ProcessState.Stopping(preStart, StopReason.ASKED, "", EARLIER));
    states.add(new ProcessState.Killing(preStart, StopReason.NOT_READY, "a reason", EARLIER));
    states.add(new ProcessState.Starting(RUN, LATER, ""));
    states.add(new ProcessState.Starting(RUN, EARLIER, "connection refused"));
    for (Health health : Health.values()) {
      states.add(new ProcessState.Running(RUN, health, 0));
      states.add(new ProcessState.Running(RUN, health, 2));
    }
    for (StopReason reason : StopReason.values()) {
      states.add(new ProcessState.Stopping(RUN, reason, "a reason", LATER));
      states.add(new ProcessState.Stopping(RUN, reason, "a reason", EARLIER));
      states.add(new ProcessState.Killing(RUN, reason, "a reason", LATER));
      states.add(new ProcessState.Killing(RUN, reason, "a reason", EARLIER));
    }
    for (Ending ending : endings()) {
      states.add(new ProcessState.Clearing(ending, Optional.empty()));
      states.add(new ProcessState.Clearing(ending, Optional.of(EARLIER)));
      states.add(new ProcessState.Clearing(ending, Optional.of(LATER)));
    }
    states.add(new ProcessState.BackingOff(LATER, 2));
    states.add(new ProcessState.BackingOff(EARLIER, 3));
    states.add(new ProcessState.Ended(new ProcessEnd.Exited(0)));
    states.add(new ProcessState.Waiting());
    return states;
  }

  private static List<Due> dues() {
    List<Due> dues = new ArrayList<>();
    dues.add(new Due.PreStart(0));
    dues.add(new Due.PreStart(3));
    endings().stream()
        .filter(ending -> ending.end().equals(new ProcessEnd.Exited(1)) && !ending.postStopDue())
        .map(Due.PostStop::new)
        .forEach(dues::add);
    return dues;
  }

  private static List<Ending> endings() {
    List<Ending> endings = new ArrayList<>();
    for (ProcessEnd end : ends()) {
      for (boolean settled : new boolean[] {false, true}) {
        boolean failed = !end.succeeded();
        for (int attempt : new int[] {0, 3}) {
          endings.add(
              new Ending(
                  end,
                  "a cause",
                  Duration.ofSeconds(2),
                  attempt,
                  Optional.empty(),
                  false,
                  settled,
                  failed,
                  attempt > 0));
        }
        for (StopReason reason : StopReason.values()) {
          endings.add(
              new Ending(
                  end,
                  "a cause",
                  Duration.ofSeconds(2),
                  1,
                  Optional.of(reason),
                  true,
                  settled,
                  failed,
                  settled));
        }
      }
    }
    return endings;
  }

  static List<ProcessEnd> ends() {
    return List.of(
        new ProcessEnd.Exited(0),
        new ProcessEnd.Exited(1),
        new ProcessEnd.Signalled(9),
        new ProcessEnd.Unknown("its keeper ended first"),
        new ProcessEnd.NotStarted("no such file"),
        new ProcessEnd.OutOfMemory(OptionalLong.of(1 << 20)));
  }

  private static List<FoundDue> foundDues() {
    ProcessEnd end = new ProcessEnd.Exited(1);
    return List.of(
        new FoundDue.PreStart(),
        new FoundDue.PostStop(end, true, "exit 1", Optional.empty()),
        new FoundDue.PostStop(new ProcessEnd.Exited(0), false, "exit 0", Optional.empty()),
        new FoundDue.PostStop(end, true, "exit 1", Optional.of("held")));
  }

  static List<ProcessEvent> events() {
    List<ProcessEvent> events = new ArrayList<>();
    events.add(new ProcessEvent.StartWanted());
    events.add(new ProcessEvent.StopWanted());
    events.add(new ProcessEvent.FoundRunning(4712, Duration.ofMinutes(5)));
    events.add(new ProcessEvent.FoundRunning(4712, Duration.ofMinutes(5), Optional.of("held")));
    events.add(new ProcessEvent.FoundHeld(new ProcessEnd.Exited(0), "held", false));
    events.add(new ProcessEvent.FoundHeld(new ProcessEnd.Exited(0), "held", true));
    for (FoundDue due : foundDues()) {
      events.add(new ProcessEvent.FoundHook(due, 4712, Duration.ofSeconds(5)));
      events.add(new ProcessEvent.FoundHookEnded(due, new ProcessEnd.Exited(0)));
      events.add(new ProcessEvent.FoundHookEnded(due, new ProcessEnd.Exited(1)));
    }
    events.add(new ProcessEvent.FoundNothing());
    events.add(new ProcessEvent.Launched(4713));
    events.add(new ProcessEvent.LaunchFailed("no room"));
    for (ProcessEnd end : ends()) {
      events.add(new ProcessEvent.FoundEnded(end));
      events.add(new ProcessEvent.ProcessEnded(end, "last words", 0));
      events.add(new ProcessEvent.ProcessEnded(end, "", 2));
    }
    events.add(new ProcessEvent.ProbeSucceeded());
    events.add(new ProcessEvent.ProbeFailed("connection refused"));
    events.add(new ProcessEvent.DeadlinePassed());
    events.add(new ProcessEvent.TreeCleared());
    events.add(new ProcessEvent.TreeRemained("process 5 is left"));
    events.add(new ProcessEvent.RunDue(THIRD));
    return events;
  }
}
