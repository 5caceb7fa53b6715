package io.easyagent.server.operation;

import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What is stored of batches, for those who forget it: the oldest first, a few at a time. */
public interface RetentionStore {
  /**
   * Batches that were made, and whose last operation ended, before the time. At most that many; the
   * oldest first.
   */
  List<EndedBatch> endedBefore(Transaction transaction, Instant time, int most);

  /** How many operations the batches have that are not leaving. */
  long operations(Transaction transaction);

  /**
   * From now on nobody sees the batches, and their idempotency keys are free; {@link
   * #removeLeaving} removes them.
   */
  void leave(Transaction transaction, Collection<BatchId> batches);

  /**
   * Removes some of what is leaving, and the commands that nothing else has.
   *
   * @return how many operations and batches were removed; 0 when none is leaving
   */
  int removeLeaving(Transaction transaction, int most);

  /** Bytes of all outputs. */
  long outputBytes(Transaction transaction);

  /**
   * Outputs that were last used before the time, and that no batch has which still runs. At most
   * that many; the oldest first.
   */
  List<StoredOutput> outputsBefore(Transaction transaction, Instant time, int most);

  /** Removes the outputs, but for those that were used since they were looked at. */
  int removeOutputs(Transaction transaction, Collection<StoredOutput> outputs);

  /** Digests of documents after that one, in their order. */
  List<String> documentsAfter(Transaction transaction, String digest, int most);

  /** Those of the documents that no operation and no agent has. */
  List<String> unused(Transaction transaction, Collection<String> digests);

  /** Removes those of the documents that no operation and no agent has. */
  int removeUnused(Transaction transaction, Collection<String> digests);

  /**
   * @param operations how many it has
   */
  record EndedBatch(BatchId id, long operations) {}

  record StoredOutput(String digest, Instant lastUsed, long bytes) {}
}
