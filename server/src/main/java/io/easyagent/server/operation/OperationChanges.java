package io.easyagent.server.operation;

import io.easyagent.server.store.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what changed, after the COMMIT, on a thread of its own. What changes while they
 * are busy is added up by batch and state: nothing of it is lost, and it takes no more room than
 * there are batches that move.
 */
public final class OperationChanges implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OperationChanges.class);

  private final List<Consumer<List<OperationChange>>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Map<Moved, Long> untold = new LinkedHashMap<>();
  private boolean closed;

  private record Moved(BatchId batch, OperationState state) {}

  /** Begins to tell. */
  public OperationChanges() {
    Thread.ofPlatform().daemon().name("operation-changes").start(this::loop);
  }

  AutoCloseable listen(Consumer<List<OperationChange>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void publish(Transaction transaction, List<OperationChange> changes) {
    if (!changes.isEmpty() && !listeners.isEmpty()) {
      transaction.afterCommit(() -> add(changes));
    }
  }

  private void add(List<OperationChange> changes) {
    lock.lock();
    try {
      for (OperationChange change : changes) {
        untold.merge(new Moved(change.batch(), change.state()), change.operations(), Long::sum);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    for (List<OperationChange> changes = take(); !changes.isEmpty(); changes = take()) {
      for (Consumer<List<OperationChange>> listener : listeners) {
        tell(listener, changes);
      }
    }
  }

  /** What is to be told, once there is something; nothing: it is over. */
  private List<OperationChange> take() {
    lock.lock();
    try {
      while (untold.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      List<OperationChange> taken =
          untold.entrySet().stream()
              .map(entry ->
                  new OperationChange(
                      entry.getKey().batch(), entry.getKey().state(), entry.getValue()))
              .toList();
      untold = new LinkedHashMap<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private static void tell(
      Consumer<List<OperationChange>> listener, List<OperationChange> changes) {
    try {
      listener.accept(changes);
    } catch (RuntimeException wrong) {
      log.error("a listener of operations failed", wrong);
    }
  }

  /** What is not told yet still is. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
