package io.easyagent.sidecar.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What has happened to an agent's process or was asked for it. */
public sealed interface ProcessEvent {
  record StartWanted() implements ProcessEvent {}

  record StopWanted() implements ProcessEvent {}

  /** What an earlier life of the sidecar has left. */
  sealed interface Found extends ProcessEvent {}

  /**
   * A main process of an earlier life of the sidecar runs.
   *
   * @param upFor since it was launched
   * @param held why it was being stopped, to stay so; empty when it was not
   */
  record FoundRunning(int pid, Duration upFor, Optional<String> held) implements Found {
    public FoundRunning(int pid, Duration upFor) {
      this(pid, upFor, Optional.empty());
    }
  }

  /** A main process of an earlier life of the sidecar has ended; how may be unknown. */
  record FoundEnded(ProcessEnd end) implements Found {}

  /**
   * Nothing runs, and nothing is to run until a start is wanted; of its tree something may be left.
   *
   * @param cause why it was stopped
   * @param postStopDue whether it ended in this boot and no postStop has followed
   */
  record FoundHeld(ProcessEnd end, String cause, boolean postStopDue) implements Found {}

  /** No launch is on record, or one that was never released. */
  record FoundNothing() implements Found {}

  /**
   * A hook of an earlier life of the sidecar runs.
   *
   * @param upFor since it was launched
   */
  record FoundHook(FoundDue due, int pid, Duration upFor) implements Found {}

  /** A hook of an earlier life of the sidecar has ended; how may be unknown. */
  record FoundHookEnded(FoundDue due, ProcessEnd end) implements Found {}

  /** What is known of a hook that an earlier life of the sidecar has launched. */
  sealed interface FoundDue {
    record PreStart() implements FoundDue {}

    /**
     * @param after how the start ended that it follows
     * @param failed whether that counts as a failure
     * @param held why the agent is to stay stopped until a start is wanted, if it is
     */
    record PostStop(ProcessEnd after, boolean failed, String cause, Optional<String> held)
        implements FoundDue {}
  }

  /** The main process, or the hook that was asked for, runs. */
  record Launched(int pid) implements ProcessEvent {}

  /** Nothing runs: the launch did not get as far as a process. */
  record LaunchFailed(String cause) implements ProcessEvent {}

  /**
   * The main process has ended, or the hook that runs in its place.
   *
   * @param lastOutput what it printed last, fit to be shown; may be empty
   * @param leftovers processes of its tree that still run
   */
  record ProcessEnded(ProcessEnd end, String lastOutput, int leftovers) implements ProcessEvent {}

  record ProbeSucceeded() implements ProcessEvent {}

  record ProbeFailed(String reason) implements ProcessEvent {}

  /** The state's deadline may have passed; one that comes early is ignored. */
  record DeadlinePassed() implements ProcessEvent {}

  /** Nothing of the ended process's tree is left. */
  record TreeCleared() implements ProcessEvent {}

  /** Something of the ended process's tree could not be ended. */
  record TreeRemained(String cause) implements ProcessEvent {}

  /**
   * The schedule asks for a run now.
   *
   * @param due the moment that the run is named by; never the same one twice
   */
  record RunDue(Instant due) implements ProcessEvent {}
}
