package io.easyagent.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * One unit of work against the store. Domain code only passes it on; stores speak SQL through its
 * handle. Valid until the work that it was given to returns, and only on that work's thread.
 */
public final class Transaction {
  private static final String PART = "part";

  private final Handle handle;
  private final boolean writing;
  private final List<Runnable> afterCommit = new ArrayList<>();

  private Transaction(Handle handle, boolean writing) {
    this.handle = handle;
    this.writing = writing;
  }

  static Transaction reading(Handle handle) {
    return new Transaction(handle, false);
  }

  static Transaction writing(Handle handle) {
    return new Transaction(handle, true);
  }

  /** For stores only. */
  public Handle handle() {
    return handle;
  }

  /**
   * Runs the action once the work is committed and on disk, before its future completes; never when
   * the work failed. It runs on the writer's thread: it must be quick, must not touch the store and
   * must not throw. Only for works of the {@link Writer}.
   */
  public void afterCommit(Runnable action) {
    if (!writing) {
      throw new IllegalStateException("afterCommit in a reading transaction");
    }
    afterCommit.add(action);
  }

  /**
   * Runs a part of the work that may fail alone: what it did is undone, what it threw is returned.
   * Failures of the store itself are thrown: they end the whole group.
   */
  public Optional<RuntimeException> attempt(Runnable part) {
    int actions = afterCommit.size();
    handle.savepoint(PART);
    try {
      part.run();
      handle.releaseSavepoint(PART);
      return Optional.empty();
    } catch (RuntimeException failure) {
      if (StoreFailure.isOne(failure)) {
        throw failure;
      }
      handle.rollbackToSavepoint(PART);
      afterCommit.subList(actions, afterCommit.size()).clear();
      return Optional.of(failure);
    }
  }

  List<Runnable> committedActions() {
    return afterCommit;
  }
}
