package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.process.ProcessState.Starting;

/**
 * All that is remembered of an agent's process.
 *
 * @param desired what it was last told to be; the state follows it
 * @param restarts starts after the first since it was last told to start
 * @param cause why it is in this state, in one line; may be empty
 * @param runs of a scheduled agent
 */
public record ProcessLife(
    DesiredState desired, ProcessState state, long restarts, String cause, Runs runs) {

  /** Before it was looked for what an earlier life of the sidecar has left. */
  public static ProcessLife unknown(DesiredState desired) {
    return new ProcessLife(desired, new ProcessState.Finding(), 0, "", Runs.NONE);
  }

  /** The one mapping of the fine states to the public ones. */
  public ObservedAgent.State observedState() {
    return switch (state) {
      case ProcessState.Finding(), ProcessState.Launching(int _, boolean _) ->
          ObservedAgent.State.STARTING;
      case ProcessState.HookLaunching(var due) -> observedState(due);
      case ProcessState.HookRunning(var due, var _, var _, boolean _) -> observedState(due);
      case ProcessState.HookClearing(var due, var _, var _) -> observedState(due);
      case Starting(var _, var _, var _) -> ObservedAgent.State.STARTING;
      case ProcessState.Stopped() -> ObservedAgent.State.STOPPED;
      case ProcessState.Running(var _, var _, int _) -> ObservedAgent.State.RUNNING;
      case ProcessState.Stopping(var _, var _, var _, var _) -> ObservedAgent.State.STOPPING;
      case ProcessState.Killing(var _, var _, var _, var _) -> ObservedAgent.State.STOPPING;
      case ProcessState.Clearing(var _, var _) -> ObservedAgent.State.STOPPING;
      case ProcessState.BackingOff(var _, int _) -> ObservedAgent.State.BACKING_OFF;
      case ProcessState.Ended(var _) -> ObservedAgent.State.EXITED;
      case ProcessState.Waiting() -> ObservedAgent.State.WAITING;
    };
  }

  private static ObservedAgent.State observedState(ProcessState.Due due) {
    return switch (due) {
      case ProcessState.Due.PreStart(int _) -> ObservedAgent.State.STARTING;
      case ProcessState.Due.PostStop(var _) -> ObservedAgent.State.STOPPING;
    };
  }

  /** The cause with what is going on, where the state alone does not say it: a hook runs. */
  public String shownCause() {
    return switch (state) {
      case ProcessState.HookLaunching(var due) -> with(due.phase().word() + " runs");
      case ProcessState.HookRunning(var due, var _, var _, boolean _) ->
          with(due.phase().word() + " runs");
      case ProcessState.HookClearing(var due, var _, var _) -> with(due.phase().word() + " runs");
      case ProcessState.Stopping(var run, var _, var _, var _) -> whileEnding(run);
      case ProcessState.Killing(var run, var _, var _, var _) -> whileEnding(run);
      case ProcessState.Finding(),
          ProcessState.Stopped(),
          ProcessState.Launching(int _, boolean _),
          ProcessState.Starting(var _, var _, var _),
          ProcessState.Running(var _, var _, int _),
          ProcessState.Clearing(var _, var _),
          ProcessState.BackingOff(var _, int _),
          ProcessState.Ended(var _),
          ProcessState.Waiting() ->
          cause;
    };
  }

  private String whileEnding(ProcessState.Run run) {
    return run.phase() == Phase.MAIN ? cause : with(run.phase().word() + " is being ended");
  }

  private String with(String now) {
    return cause.isEmpty() ? now : now + "; " + cause;
  }

  ProcessLife in(ProcessState next) {
    return new ProcessLife(desired, next, restarts, cause, runs);
  }

  /** What is to be stopped begins no other run. */
  ProcessLife wanting(DesiredState changed) {
    return new ProcessLife(
        changed,
        state,
        restarts,
        cause,
        changed == DesiredState.STOPPED ? runs.withoutQueue() : runs);
  }

  ProcessLife because(String changed) {
    return new ProcessLife(desired, state, restarts, changed, runs);
  }

  ProcessLife withRestarts(long changed) {
    return new ProcessLife(desired, state, changed, cause, runs);
  }

  ProcessLife withRuns(Runs changed) {
    return new ProcessLife(desired, state, restarts, cause, changed);
  }

  /** With what an earlier life of the sidecar has written down of its runs. */
  public ProcessLife remembering(Runs earlier, String lastRun) {
    return withRuns(earlier).because(lastRun);
  }
}
