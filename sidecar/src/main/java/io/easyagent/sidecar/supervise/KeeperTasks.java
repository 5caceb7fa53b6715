package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.process.ProcessEnd;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Tasks under keepers. Closing it leaves every task running, to be adopted. */
public final class KeeperTasks implements Tasks, AutoCloseable {
  static final String FOLDER = "tasks";

  private final KeeperHost host;
  private final Map<UUID, KeptTask> tasks = new ConcurrentHashMap<>();

  public KeeperTasks(KeeperHost host) {
    this.host = host;
  }

  @Override
  public Task run(UUID id, TaskPlan plan) {
    return tasks.computeIfAbsent(
        id,
        absent -> {
          KeptTask task = new KeptTask(id, host, tasks);
          task.runOrAdopt(plan);
          return task;
        });
  }

  @Override
  public Optional<Task> find(UUID id) {
    return Optional.ofNullable(
        tasks.computeIfAbsent(
            id,
            absent -> {
              KeptTask task = new KeptTask(id, host, tasks);
              return task.adopt() ? task : null;
            }));
  }

  @Override
  public void close() {
    tasks.values().forEach(KeptTask::leave);
  }

  /** An end of a task that never had a process. */
  static ProcessEnd notStarted(IOException failure) {
    return new ProcessEnd.NotStarted(Failures.reason(failure));
  }
}
