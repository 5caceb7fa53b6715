package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.process.ProcessEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Runs commands to their end under keepers: execs, scripts, validate commands. A task outlives the
 * sidecar and is found again by its id, with its exact end. Thread-safe.
 */
public interface Tasks {

  /**
   * Launches the task, or adopts it when a launch of this id is on record: never launched twice.
   * The task's whole tree is killed when {@code timeout} has passed since the launch, by the
   * monotonic clock while the sidecar lives, by the boot clock across its lives.
   */
  Task run(UUID id, TaskPlan plan);

  /** The task of this id, if a launch is on record. */
  Optional<Task> find(UUID id);

  /**
   * @param command absolute program first
   * @param environment the whole environment; nothing is inherited
   * @param user the user to run as; empty: the sidecar's own
   * @param outputLimit bytes kept of the head, and of the tail, of standard output and error
   *     together; disk use stays bounded while the task runs
   * @param definedBy the agent whose definition says so; empty: nobody's
   */
  record TaskPlan(
      List<String> command,
      Map<String, String> environment,
      Optional<String> user,
      Path workingFolder,
      Duration timeout,
      int outputLimit,
      Optional<AgentId> definedBy) {
    /** Of nobody's definition. */
    public TaskPlan(
        List<String> command,
        Map<String, String> environment,
        Optional<String> user,
        Path workingFolder,
        Duration timeout,
        int outputLimit) {
      this(command, environment, user, workingFolder, timeout, outputLimit, Optional.empty());
    }

    public TaskPlan {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }

    /** Without the environment: it may hold secrets. */
    @Override
    public String toString() {
      return "task: " + command;
    }
  }

  /** A launched task. */
  interface Task {
    /** Completes when nothing of the task's tree is left. */
    CompletionStage<TaskEnd> end();

    /** Kills the whole tree; {@link #end} tells the rest, also in a later life of the sidecar. */
    void cancel();

    /** The same before its own time is over, as if it were. */
    void timeOut();

    /** Removes the record and the output, after the end was journalled. */
    void clear();
  }

  /** Why and how a task ended. */
  record TaskEnd(ProcessEnd processEnd, boolean timedOut, boolean cancelled, Output output) {}

  /**
   * What was kept of the output; between head and tail bytes were dropped when total is more than
   * both.
   */
  record Output(byte[] head, byte[] tail, long totalBytes) {
    public static final Output NONE = new Output(new byte[0], new byte[0], 0);
  }
}
