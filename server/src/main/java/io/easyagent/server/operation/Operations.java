package io.easyagent.server.operation;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Accepts, shows and cancels operations. Methods wait for the store: call them on virtual threads.
 * Within a scope there are only operations of its hosts, and batches of nothing but its hosts.
 */
public interface Operations {

  /**
   * Accepts a batch; {@code Accepted} means on disk.
   *
   * <p>An order that cannot be carried out (the host is gone or conflicted, its sidecar lacks the
   * capability, it has no such agent, or for an install the name is taken) is refused. When every
   * order is, the first refusal is the answer and nothing is stored; else the refused ones are
   * stored as FAILED with the reason, so that the batch tells the whole story.
   *
   * @param alongside done in the same transaction, when the batch is accepted
   * @throws io.easyagent.server.problem.RefusedException STORAGE_FULL or UNAVAILABLE when it could
   *     not be stored; NOT_FOUND or FORBIDDEN when it is not within the caller's scope
   */
  Submission submit(NewBatch batch, Writer.Action alongside);

  /**
   * Accepts batches, each as {@link #submit} does and refused for itself. All that are accepted are
   * stored together: whatever happens meanwhile, a later look finds all of them or none.
   *
   * @param alongside done in the same transaction, when any of them is accepted
   * @return one for each, in their order
   */
  List<Submission> submitTogether(List<NewBatch> batches, Writer.Action alongside);

  /**
   * Whether the caller may submit these: what {@link #submitTogether} looks at first, for those who
   * only want to see what would be done. Changes nothing.
   *
   * @throws io.easyagent.server.problem.RefusedException NOT_FOUND or FORBIDDEN when they are not
   *     within the caller's scope
   */
  void requireAllowed(List<NewBatch> batches);

  /**
   * What an earlier request of the caller with the key has made, by the key or by parts of it, in
   * the order of acceptance. To be asked before anything of the request is looked up: hosts and
   * agents that it was for may be gone.
   *
   * @throws io.easyagent.server.problem.RefusedException IDEMPOTENCY_KEY_REUSED when that request
   *     had another body
   */
  List<Batch> findSubmitted(String createdBy, NewBatch.IdempotencyKey key);

  Optional<Batch> findBatch(BatchId id);

  /** A batch by id or by an id prefix of at least four characters. */
  BatchMatch matchBatch(String reference);

  /** Newest first. */
  Page<Batch> pageBatches(PageRequest request);

  /** With its output. */
  Optional<Operation> find(OperationId id);

  /** An operation, with its output, by id or by an id prefix of at least four characters. */
  OperationMatch match(String reference);

  /** Without outputs, in the order of acceptance. */
  Page<Operation> page(OperationQuery query, PageRequest request);

  /**
   * Operations of the batch that finished after the cursor, in the order in which they finished,
   * for a watcher that comes back.
   *
   * @param cursor of the last {@link Finished} seen; empty: from the first
   */
  List<Finished> finishedAfter(BatchId batch, Optional<String> cursor, int limit);

  /** How many operations there are in each unfinished state; states without any are absent. */
  Map<OperationState, Long> countUnfinished();

  /**
   * Asks for an operation's end: a QUEUED one ends here, a later one only on the host's word; a
   * finished one stays as it is. Empty when there is none.
   *
   * @param alongside done in the same transaction, when there is such an operation
   */
  Optional<Operation> cancel(OperationId id, Writer.Action alongside);

  /** {@link #cancel} for every unfinished operation of the batch. Empty when there is none. */
  Optional<Batch> cancelBatch(BatchId id, Writer.Action alongside);

  /**
   * Tells the listener of every change, after the COMMIT; changes in quick succession are told
   * together. It must be quick and must not touch the store.
   *
   * @return ends the subscription
   */
  AutoCloseable onChange(Consumer<List<OperationChange>> listener);

  /**
   * @param cursor to come back with
   */
  record Finished(Operation operation, String cursor) {}
}
