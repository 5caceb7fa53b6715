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
  private final Handle handle;
  private final Optional<Savepoint> part;
  private final List<Runnable> afterCommit = new ArrayList<>();
  private int parts;

  private Transaction(Handle handle, Optional<Savepoint> part) {
    this.handle = handle;
    this.part = part;
  }

  static Transaction reading(Handle handle) {
    return new Transaction(handle, Optional.empty());
  }

  static Transaction writing(WritingConnection connection) {
    return new Transaction(connection.handle(), Optional.of(connection.part()));
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
    requireWriting();
    afterCommit.add(action);
  }

  /**
   * Runs a part of the work that may fail alone: what it did is undone, what it threw is returned.
   * Failures of the store itself are thrown: they end the whole group. Not within another part, and
   * only for works of the {@link Writer}.
   */
  public Optional<RuntimeException> attempt(Runnable work) {
    Savepoint before = requireWriting();
    int actions = afterCommit.size();
    parts++;
    before.set();
    try {
      work.run();
      before.release();
      return Optional.empty();
    } catch (RuntimeException failure) {
      if (StoreFailure.isOne(failure)) {
        throw failure;
      }
      before.undo();
      afterCommit.subList(actions, afterCommit.size()).clear();
      return Optional.of(failure);
    }
  }

  private Savepoint requireWriting() {
    return part.orElseThrow(
        () -> new IllegalStateException("a reading transaction (expected: a work of the writer)"));
  }

  /** How many parts were attempted: how heavy the work was. */
  int parts() {
    return parts;
  }

  List<Runnable> committedActions() {
    return afterCommit;
  }
}
