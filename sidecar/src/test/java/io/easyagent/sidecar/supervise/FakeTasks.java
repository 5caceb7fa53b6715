package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.process.ProcessEnd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Tasks without processes. A task ends at once as the script says ({@code exit 0}, no output,
 * unless told otherwise), or, while tasks are held, when the test says. The same object given to a
 * second life of the sidecar plays the host that remembers: an id on record is never launched
 * again.
 */
public final class FakeTasks implements Tasks {
  public static final TaskEnd WELL =
      new TaskEnd(new ProcessEnd.Exited(0), false, false, Output.NONE);

  /** A launch, in order. */
  public record Launch(UUID id, TaskPlan plan) {}

  private final List<Launch> launches = new ArrayList<>();
  private final Map<UUID, FakeTask> records = new LinkedHashMap<>();
  private Function<TaskPlan, TaskEnd> script = plan -> WELL;
  private boolean held;

  /** How tasks end that are launched from now on. */
  public synchronized void script(Function<TaskPlan, TaskEnd> ends) {
    script = ends;
  }

  /** From now on launched tasks run until {@link #finish} or a cancel. */
  public synchronized void hold() {
    held = true;
  }

  /** Ends a held task. */
  public void finish(UUID id, TaskEnd end) {
    FakeTask task;
    synchronized (this) {
      task = records.get(id);
    }
    if (task == null || !task.end.complete(end)) {
      throw new IllegalStateException("task: " + id + " (expected: a held one)");
    }
  }

  public synchronized List<Launch> launches() {
    return List.copyOf(launches);
  }

  /** The ids on record: launched and not cleared. */
  public synchronized List<UUID> recorded() {
    return List.copyOf(records.keySet());
  }

  @Override
  public synchronized Task run(UUID id, TaskPlan plan) {
    FakeTask known = records.get(id);
    if (known != null) {
      return known;
    }
    FakeTask task = new FakeTask(id);
    records.put(id, task);
    launches.add(new Launch(id, plan));
    if (!held) {
      task.end.complete(script.apply(plan));
    }
    return task;
  }

  @Override
  public synchronized Optional<Task> find(UUID id) {
    return Optional.ofNullable(records.get(id));
  }

  private final class FakeTask implements Task {
    private final UUID id;
    private final CompletableFuture<TaskEnd> end = new CompletableFuture<>();

    FakeTask(UUID id) {
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
      synchronized (FakeTasks.this) {
        records.remove(id);
      }
    }
  }
}
