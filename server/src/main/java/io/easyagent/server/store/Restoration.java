package io.easyagent.server.store;

import java.util.Optional;

/** That a store was restored, until the server that opens it first has drawn the consequences. */
public final class Restoration {
  static final String NAME = "restored";

  private Restoration() {}

  /** What it was restored from, for people; empty when there is nothing left to do about it. */
  public static Optional<String> find(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT value FROM server_state WHERE name = :name")
        .bind("name", NAME)
        .mapTo(String.class)
        .findOne();
  }

  /** The consequences are drawn, in the same transaction. */
  public static void settled(Transaction transaction) {
    transaction.handle().execute("DELETE FROM server_state WHERE name = ?", NAME);
  }
}
