package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Readiness;
import java.time.Duration;
import java.util.Optional;

/**
 * A sign that is looked for again and again while a state lasts.
 *
 * @param pid of the process that is probed: another process is another probing
 */
public record Probing(
    Readiness.Sign sign, Duration firstAfter, Duration interval, Duration timeout, int pid) {

  /** The probing that a state asks for: readiness while starting, health while running. */
  public static Optional<Probing> of(ProcessState state, ProcessRules rules) {
    return switch (state) {
      case ProcessState.Starting(var run, var _, var _) ->
          rules.ready().flatMap(ready -> ofReadiness(ready, run.pid()));
      case ProcessState.Running(var run, var _, int _) ->
          rules.health().map(health -> ofHealth(health, run.pid()));
      case ProcessState.Finding _,
          ProcessState.Stopped _,
          ProcessState.Launching _,
          ProcessState.HookLaunching _,
          ProcessState.HookRunning _,
          ProcessState.HookClearing _,
          ProcessState.Stopping _,
          ProcessState.Killing _,
          ProcessState.Clearing _,
          ProcessState.BackingOff _,
          ProcessState.Ended _,
          ProcessState.Waiting _ ->
          Optional.empty();
    };
  }

  private static Optional<Probing> ofReadiness(Readiness ready, int pid) {
    return switch (ready.sign()) {
      case Readiness.Sign.StayedUp() -> Optional.empty();
      case Readiness.Sign.Answer _, Readiness.Sign.Line _ ->
          Optional.of(
              new Probing(
                  ready.sign(),
                  ProcessRules.READY_FIRST,
                  ProcessRules.READY_INTERVAL,
                  ProcessRules.READY_PROBE_TIMEOUT,
                  pid));
    };
  }

  private static Probing ofHealth(HealthCheck health, int pid) {
    return new Probing(
        new Readiness.Sign.Answer(health.probe()),
        health.interval(),
        health.interval(),
        health.timeout(),
        pid);
  }
}
