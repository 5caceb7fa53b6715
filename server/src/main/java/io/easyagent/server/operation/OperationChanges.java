package io.easyagent.server.operation;

import io.easyagent.server.store.Transaction;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what changed, after the COMMIT, in order, on a thread of its own. */
public final class OperationChanges implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OperationChanges.class);

  private final List<Consumer<List<OperationChange>>> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService teller =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("operation-changes").factory());

  AutoCloseable listen(Consumer<List<OperationChange>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void publish(Transaction transaction, List<OperationChange> changes) {
    if (!changes.isEmpty() && !listeners.isEmpty()) {
      transaction.afterCommit(() -> tell(changes));
    }
  }

  private void tell(List<OperationChange> changes) {
    try {
      teller.execute(() -> listeners.forEach(listener -> tell(listener, changes)));
    } catch (RejectedExecutionException closed) {
      log.debug("nobody is told any more");
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

  @Override
  public void close() {
    teller.shutdown();
  }
}
