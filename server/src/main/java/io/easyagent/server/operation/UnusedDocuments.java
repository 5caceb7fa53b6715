package io.easyagent.server.operation;

import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Transaction;
import java.util.List;

/**
 * Commands and definitions that no operation and no agent has any more. Commands go with the last
 * of their operations; this finds what agents leave behind: a part of all documents in each round,
 * from where the last one ended.
 */
public final class UnusedDocuments implements Forgetting {
  private static final int LOOKED_AT = 5_000;
  private static final String BEFORE_THE_FIRST = "";

  private final RetentionStore store;
  private volatile String lookedAt = BEFORE_THE_FIRST;

  public UnusedDocuments(RetentionStore store) {
    this.store = store;
  }

  @Override
  public String what() {
    return "documents";
  }

  @Override
  public Plan plan(Transaction reading) {
    List<String> digests = store.documentsAfter(reading, lookedAt, LOOKED_AT);
    lookedAt = digests.size() < LOOKED_AT ? BEFORE_THE_FIRST : digests.getLast();
    return Plan.of(store.unused(reading, digests), store::removeUnused);
  }
}
