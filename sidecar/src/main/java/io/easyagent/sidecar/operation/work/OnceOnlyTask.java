package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.supervise.Tasks.Task;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/** Runs a task that must never run twice, and finds it again after a death of the sidecar. */
final class OnceOnlyTask {
  /** How a launch went. */
  sealed interface Result {
    record Ended(TaskEnd end) implements Result {}

    /** It may have been launched; nothing on this host tells. */
    record Lost(String reason) implements Result {}
  }

  interface Planning {
    TaskPlan plan() throws Exception;
  }

  private OnceOnlyTask() {}

  /**
   * Returns when nothing of the task's tree is left. Asked to stop, it kills the tree.
   *
   * @param planning only asked when there was no launch before
   */
  static Result run(StepContext context, UUID id, Planning planning) throws Exception {
    Redaction redaction = context.redaction();
    if (context.resumedHere()) {
      Optional<Task> found = context.bench().tasks().find(id);
      return found.isPresent()
          ? await(context, found.get(), redaction)
          : new Result.Lost(
              "the sidecar died while it was launching the command, and there is no record of a"
                  + " launch");
    }
    TaskPlan plan = planning.plan();
    Task task;
    try {
      task = context.bench().tasks().run(id, plan);
    } catch (RuntimeException fault) {
      return new Result.Lost("the launch failed: " + fault.getMessage());
    }
    return await(context, task, redaction);
  }

  /** What is on record with the task outlives this life of the sidecar. */
  private static void stop(Task task, StopCause cause) {
    switch (cause) {
      case CANCEL -> task.cancel();
      case DEADLINE -> task.timeOut();
    }
  }

  /** The task's end decides, not the wish to stop: it may have ended before. */
  static Result.Ended await(StepContext context, Task task, Redaction redaction)
      throws InterruptedException {
    try (StopSignal.Listening ignored = context.stop().onAsked(cause -> stop(task, cause))) {
      return new Result.Ended(
          TaskRedaction.redacted(task.end().toCompletableFuture().get(), redaction));
    } catch (ExecutionException failed) {
      throw new IllegalStateException("the task's end is not known", failed.getCause());
    }
  }
}
