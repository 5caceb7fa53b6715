package io.easyagent.server.store;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * One unit of work against the store. Domain code only passes it on; stores speak SQL through its
 * handle. Valid until the work that it was given to returns, and only on that work's thread.
 */
public final class Transaction {
  private final Handle handle;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Transaction(Handle handle) {
    this.handle = handle;
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
    afterCommit.add(action);
  }

  List<Runnable> committedActions() {
    return afterCommit;
  }
}
