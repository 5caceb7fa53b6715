package io.easyagent.simulator.host;

import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.work.TaskId;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The tasks of one host, without processes. They are known for as long as the simulator lives: a
 * simulator that starts anew is, to its hosts, a boot.
 */
final class SimulatedTasks implements Tasks {
  private final HostNumber host;
  private final SharedParts shared;
  private final Map<UUID, OperationId> expected = new ConcurrentHashMap<>();
  private final Map<UUID, SimulatedTask> tasks = new ConcurrentHashMap<>();

  SimulatedTasks(HostNumber host, SharedParts shared) {
    this.host = host;
    this.shared = shared;
  }

  /** An exec that may be launched: its launch is then witnessed under the operation's own id. */
  void expect(OperationId operation) {
    expected.put(TaskId.ofExec(operation), operation);
  }

  void expectNoMore(OperationId operation) {
    expected.remove(TaskId.ofExec(operation));
  }

  @Override
  public Task run(UUID id, TaskPlan plan) {
    return tasks.computeIfAbsent(id, absent -> launch(absent, plan));
  }

  private SimulatedTask launch(UUID id, TaskPlan plan) {
    OperationId operation = expected.remove(id);
    if (operation != null) {
      shared.witness().ran(operation, host.name());
    }
    SimulatedTask task = new SimulatedTask(id);
    SimulatedProgram.Run run = shared.program().run(host.name(), plan);
    if (run.takes().isZero()) {
      task.end.complete(run.end());
    } else {
      var unused =
          shared
              .timer()
              .schedule(
                  () -> task.end.completeAsync(run::end, shared.threads()),
                  run.takes().toNanos(),
                  TimeUnit.NANOSECONDS);
    }
    return task;
  }

  @Override
  public Optional<Task> find(UUID id) {
    return Optional.ofNullable(tasks.get(id));
  }

  private final class SimulatedTask implements Task {
    private final UUID id;
    private final CompletableFuture<TaskEnd> end = new CompletableFuture<>();

    SimulatedTask(UUID id) {
      this.id = id;
    }

    @Override
    public CompletionStage<TaskEnd> end() {
      return end;
    }

    @Override
    public void cancel() {
      end.complete(new TaskEnd(new ProcessEnd.Signalled(9), false, true, Output.NONE));
    }

    @Override
    public void timeOut() {
      end.complete(new TaskEnd(new ProcessEnd.Signalled(9), true, false, Output.NONE));
    }

    @Override
    public void clear() {
      tasks.remove(id);
    }
  }
}
