package io.easyagent.server.operation;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operations and batches as they are stored. Every change of a state names the state that it leaves
 * and says whether the operation was still in it.
 */
public interface OperationStore {

  /** Stores the command unless it is stored. Its digest, lower-case hexadecimal SHA-256. */
  String putCommand(Transaction transaction, Command command);

  Command requireCommand(Transaction transaction, String digest);

  /** A key is unique among the batches of its caller. */
  void insertBatch(Transaction transaction, NewBatchRow batch);

  void insert(Transaction transaction, List<NewOperationRow> operations);

  Optional<KeyedBatch> findByKey(Transaction transaction, String createdBy, String key);

  /** Those of the key and of its parts, {@code key/…}, sorted by id. */
  List<KeyedBatch> findByKeyAndParts(Transaction transaction, String createdBy, String key);

  Optional<WorkItem> findWork(Transaction transaction, OperationId id);

  /** In the order of acceptance. */
  default List<WorkItem> unfinished(Transaction transaction, HostId host) {
    return unfinished(transaction, List.of(host)).getOrDefault(host, List.of());
  }

  /** Of each of the hosts, in the order of acceptance; hosts without any are absent. */
  Map<HostId, List<WorkItem>> unfinished(Transaction transaction, Collection<HostId> hosts);

  List<WorkItem> unfinished(Transaction transaction, BatchId batch);

  List<WorkItem> queued(Transaction transaction, AgentId agent);

  /** QUEUED ones whose deadline is not after the time, at most that many. */
  List<WorkItem> queuedUntil(Transaction transaction, Instant time, int limit);

  /** Hosts with unfinished operations. */
  List<HostId> hostsWithWork(Transaction transaction);

  /** Hosts that are offline since before the time and have SENT or RUNNING operations. */
  List<HostId> hostsGoneSince(Transaction transaction, Instant time);

  /** How many unfinished operations each of the hosts has; hosts without any are absent. */
  Map<HostId, Long> countUnfinished(Transaction transaction, Collection<HostId> hosts);

  /** How many operations are in each unfinished state; states without any are absent. */
  Map<OperationState, Long> countUnfinished(Transaction transaction);

  /**
   * How many unfinished upgrades of sidecars name the package.
   *
   * @param packageReference {@code name@version}
   */
  long countUpgradingTo(Transaction transaction, String packageReference);

  boolean queuedToSent(Transaction transaction, OperationId id, long epoch, Instant now);

  /** A SENT one again, to a later session. */
  boolean sentAgain(Transaction transaction, OperationId id, long epoch);

  /** The session's host has it. */
  void hostHasIt(Transaction transaction, OperationId id, long epoch);

  boolean sentToRunning(Transaction transaction, OperationId id, Instant now);

  boolean finish(
      Transaction transaction, WorkItem item, OperationState state, End end, Instant now);

  void requestCancel(Transaction transaction, OperationId id, Instant now);

  Optional<Batch> findBatch(Transaction transaction, BatchId id);

  /** Whether all the batch's hosts are within the scope. For a batch that there is. */
  boolean isWithin(Transaction transaction, Scope scope, BatchId id);

  /** Those that are {@link #isWithin} the scope. At most that many, sorted by id. */
  List<BatchId> findBatchIds(Transaction transaction, Scope scope, String prefix, int limit);

  /** Those that are {@link #isWithin} the scope, newest first. */
  Page<Batch> pageBatches(Transaction transaction, Scope scope, PageRequest request);

  /** With its output. */
  Optional<Operation> find(Transaction transaction, OperationId id);

  /** At most that many, sorted by id. */
  List<OperationId> findIds(Transaction transaction, Scope scope, String prefix, int limit);

  /** In the order of acceptance, without outputs. */
  Page<Operation> page(
      Transaction transaction, Scope scope, OperationQuery query, PageRequest request);

  /** In the order of their ends, after that number. */
  List<Operations.Finished> finishedAfter(
      Transaction transaction, BatchId batch, long number, int limit);

  /** A batch as it is inserted. */
  record NewBatchRow(BatchId id, NewBatch batch, Instant createdAt, Instant deadline, long total) {}

  /**
   * An operation as it is inserted.
   *
   * @param refused why it is FAILED from the start; empty: QUEUED
   */
  record NewOperationRow(
      OperationId id,
      BatchId batch,
      OperationKind kind,
      HostId host,
      String hostName,
      Optional<AgentId> agent,
      Optional<String> agentName,
      String digest,
      long revision,
      Instant createdAt,
      Instant deadline,
      Optional<String> refused) {}

  /** The batch that a key was used for. */
  record KeyedBatch(BatchId id, String bodyDigest) {}
}
