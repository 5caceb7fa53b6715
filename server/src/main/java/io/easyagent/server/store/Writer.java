package io.easyagent.server.store;

import java.util.concurrent.Future;

/**
 * Everything that changes the store goes through here, one after another, in groups that share one
 * COMMIT.
 *
 * <ul>
 *   <li>A future completes only after the COMMIT that holds its work is on disk.
 *   <li>A work that throws is undone alone; its future fails with what it threw.
 *   <li>When the group's COMMIT itself fails, every work of the group fails and none is stored:
 *       with {@code RefusedException} STORAGE_FULL when the disk is full.
 *   <li>Works run in the order in which they were submitted, and see what the earlier ones did.
 *   <li>A bounded number of works waits; one more is refused at once, TOO_MANY_REQUESTS, and those
 *       that wait are done all the same.
 *   <li>A work must be short, must not wait for anything and must change nothing but the store.
 * </ul>
 */
public interface Writer {

  /** Submits a work, for who waits for its answer no longer than he wants to. */
  <T> Future<T> submit(Work<T> work);

  /** Submits a work and waits for it; for virtual threads. Throws what the work threw. */
  <T> T write(Work<T> work);

  /** Writes without an answer and waits. */
  default void run(Action action) {
    write(transaction -> {
      action.run(transaction);
      return Boolean.TRUE;
    });
  }

  /** A unit of work. */
  @FunctionalInterface
  interface Work<T> {
    T run(Transaction transaction);
  }

  /** A unit of work without a result. */
  @FunctionalInterface
  interface Action {
    Action NOTHING = _ -> {};

    void run(Transaction transaction);
  }
}
