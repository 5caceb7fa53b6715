package io.easyagent.server.operation;

import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.NewBatch.IdempotencyKey;
import io.easyagent.server.operation.NewBatch.Order;
import io.easyagent.server.operation.OperationStore.KeyedBatch;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Operations in the store. */
public final class StoredOperations implements Operations, Scoped<Operations> {
  private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f][0-9a-f-]{3,35}");
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
  private static final int MOST_CANDIDATES = 10;
  private static final Refusal KEY_REUSED =
      new Refusal(
          ErrorCode.IDEMPOTENCY_KEY_REUSED,
          "this idempotency key was used with another body (expected: a new key)");

  private static final Refusal KEY_OF_OTHERS =
      new Refusal(
          ErrorCode.CONFLICT,
          "this idempotency key made a batch with hosts that this token does not reach");

  private final OperationStore store;
  private final OperationProgress progress;
  private final OperationChanges changes;
  private final Acceptance acceptance;
  private final HostStore hosts;
  private final ScopeCheck scopeCheck;
  private final Reader reader;
  private final Writer writer;
  private final IdMint ids;
  private final Wake wake;
  private final InstantSource clock;
  private final Scope scope;

  public StoredOperations(
      OperationStore store,
      OperationProgress progress,
      OperationChanges changes,
      HostStore hosts,
      AgentStore agents,
      Reader reader,
      Writer writer,
      IdMint ids,
      Wake wake,
      InstantSource clock) {
    this.store = store;
    this.progress = progress;
    this.changes = changes;
    this.acceptance = new Acceptance(store, hosts, agents, changes, ids);
    this.hosts = hosts;
    this.scopeCheck = new ScopeCheck(hosts, agents);
    this.reader = reader;
    this.writer = writer;
    this.ids = ids;
    this.wake = wake;
    this.clock = clock;
    this.scope = Scope.ALL;
  }

  private StoredOperations(StoredOperations all, Scope scope) {
    this.store = all.store;
    this.progress = all.progress;
    this.changes = all.changes;
    this.acceptance = all.acceptance;
    this.hosts = all.hosts;
    this.scopeCheck = all.scopeCheck;
    this.reader = all.reader;
    this.writer = all.writer;
    this.ids = all.ids;
    this.wake = all.wake;
    this.clock = all.clock;
    this.scope = scope;
  }

  @Override
  public Operations within(Scope narrower) {
    return new StoredOperations(this, narrower);
  }

  @Override
  public void requireAllowed(List<NewBatch> batches) {
    reader.read(transaction -> {
      scopeCheck.check(transaction, scope, batches);
      return batches;
    });
  }

  @Override
  public Submission submit(NewBatch batch, Writer.Action alongside) {
    return submitTogether(List.of(batch), alongside).getFirst();
  }

  @Override
  public List<Submission> submitTogether(List<NewBatch> batches, Writer.Action alongside) {
    List<Optional<Refusal>> malformed = batches.stream().map(StoredOperations::malformed).toList();
    if (malformed.stream().allMatch(Optional::isPresent)) {
      return malformed.stream()
          .<Submission>map(refusal -> new Submission.Refused(refusal.orElseThrow()))
          .toList();
    }
    return writer.write(transaction -> {
      scopeCheck.check(transaction, scope, batches);
      List<Submission> submissions =
          batches.stream()
              .map(batch ->
                  malformed(batch)
                      .<Submission>map(Submission.Refused::new)
                      .orElseGet(() -> submit(transaction, batch)))
              .toList();
      if (submissions.stream().anyMatch(Submission.Accepted.class::isInstance)) {
        alongside.run(transaction);
      }
      return submissions;
    });
  }

  @Override
  public List<Batch> findSubmitted(String createdBy, IdempotencyKey key) {
    return reader.read(transaction -> {
      List<KeyedBatch> found = store.findByKeyAndParts(transaction, createdBy, key.key());
      if (found.stream().anyMatch(batch -> !batch.bodyDigest().equals(key.bodyDigest()))) {
        throw new RefusedException(KEY_REUSED);
      }
      return found.stream().map(batch -> requireKnown(transaction, batch.id())).toList();
    });
  }

  private Submission submit(Transaction transaction, NewBatch batch) {
    Optional<KeyedBatch> before =
        batch
            .idempotencyKey()
            .flatMap(key -> store.findByKey(transaction, batch.createdBy(), key.key()));
    if (before.isPresent()) {
      return before.get().bodyDigest().equals(batch.idempotencyKey().orElseThrow().bodyDigest())
          ? new Submission.AcceptedBefore(requireKnown(transaction, before.get().id()))
          : new Submission.Refused(KEY_REUSED);
    }
    BatchId id = new BatchId(ids.next());
    Optional<Refusal> refused = acceptance.accept(transaction, batch, id, clock.instant());
    if (refused.isPresent()) {
      return new Submission.Refused(refused.get());
    }
    transaction.afterCommit(() -> wake.wake(batch.orders().stream().map(Order::host).toList()));
    return new Submission.Accepted(requireBatch(transaction, id));
  }

  private static Optional<Refusal> malformed(NewBatch batch) {
    if (batch.orders().isEmpty()) {
      return Optional.of(new Refusal(ErrorCode.NO_HOST_MATCHES, "no host matches"));
    }
    if (batch.timeout().compareTo(SHORTEST_TIMEOUT) < 0
        || batch.timeout().compareTo(NewBatch.LONGEST_TIMEOUT) > 0) {
      return bad("timeout: " + batch.timeout() + " (expected: 1s to 24h)");
    }
    if (batch.orders().stream().map(Order::host).distinct().count() < batch.orders().size()) {
      return bad("targets: a host twice (expected: each host once)");
    }
    if (batch.agent().isEmpty()
        && batch.orders().stream().anyMatch(order -> needsAgent(order.command()))) {
      return bad("agent: none (expected: an agent's name)");
    }
    return Optional.empty();
  }

  private static boolean needsAgent(Command command) {
    return switch (command) {
      case Command.Exec _, Command.UpgradeSidecar _, Command.ConfigureSidecar _ -> false;
      case Command.Install _,
          Command.Configure _,
          Command.Start _,
          Command.Stop _,
          Command.Restart _,
          Command.Uninstall _ ->
          true;
    };
  }

  private static Optional<Refusal> bad(String message) {
    return Optional.of(new Refusal(ErrorCode.BAD_REQUEST, message));
  }

  /** A key's batch may be of hosts that its caller no longer has to do with. */
  private Batch requireKnown(Transaction transaction, BatchId id) {
    return findBatch(transaction, id).orElseThrow(() -> new RefusedException(KEY_OF_OTHERS));
  }

  private Optional<Batch> findBatch(Transaction transaction, BatchId id) {
    return store.isWithin(transaction, scope, id)
        ? store.findBatch(transaction, id)
        : Optional.empty();
  }

  private boolean isWithin(Transaction transaction, HostId host) {
    return !hosts.among(transaction, scope, List.of(host)).isEmpty();
  }

  private Batch requireBatch(Transaction transaction, BatchId id) {
    return store.findBatch(transaction, id).orElseThrow();
  }

  @Override
  public Optional<Batch> findBatch(BatchId id) {
    return reader.read(transaction -> findBatch(transaction, id));
  }

  @Override
  public BatchMatch matchBatch(String reference) {
    if (!ID_PREFIX.matcher(reference).matches()) {
      return new BatchMatch.Missing();
    }
    return reader.read(transaction -> {
      List<BatchId> found = store.findBatchIds(transaction, scope, reference, MOST_CANDIDATES);
      return switch (found.size()) {
        case 0 -> new BatchMatch.Missing();
        case 1 -> new BatchMatch.Found(requireBatch(transaction, found.getFirst()));
        default -> new BatchMatch.Ambiguous(found);
      };
    });
  }

  @Override
  public Page<Batch> pageBatches(PageRequest request) {
    return reader.read(transaction -> store.pageBatches(transaction, scope, request));
  }

  @Override
  public Optional<Operation> find(OperationId id) {
    return reader.read(transaction ->
        store.find(transaction, id).filter(found -> isWithin(transaction, found.host())));
  }

  @Override
  public OperationMatch match(String reference) {
    if (!ID_PREFIX.matcher(reference).matches()) {
      return new OperationMatch.Missing();
    }
    return reader.read(transaction -> {
      List<OperationId> found = store.findIds(transaction, scope, reference, MOST_CANDIDATES);
      return switch (found.size()) {
        case 0 -> new OperationMatch.Missing();
        case 1 -> new OperationMatch.Found(store.find(transaction, found.getFirst()).orElseThrow());
        default -> new OperationMatch.Ambiguous(found);
      };
    });
  }

  @Override
  public Page<Operation> page(OperationQuery query, PageRequest request) {
    return reader.read(transaction -> store.page(transaction, scope, query, request));
  }

  @Override
  public List<Finished> finishedAfter(BatchId batch, Optional<String> cursor, int limit) {
    long number;
    try {
      number = cursor.map(Long::parseLong).orElse(0L);
    } catch (NumberFormatException malformed) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "cursor: not one of this list (expected: a number)", malformed);
    }
    return reader.read(transaction ->
        store.isWithin(transaction, scope, batch)
            ? store.finishedAfter(transaction, batch, number, limit)
            : List.of());
  }

  @Override
  public Map<OperationState, Long> countUnfinished() {
    return reader.read(store::countUnfinished);
  }

  @Override
  public Optional<Operation> cancel(OperationId id, Writer.Action alongside) {
    return writer.write(transaction -> {
      Optional<WorkItem> item =
          store.findWork(transaction, id).filter(found -> isWithin(transaction, found.host()));
      item.ifPresent(found -> {
        alongside.run(transaction);
        cancel(transaction, found);
      });
      return item.flatMap(found -> store.find(transaction, id));
    });
  }

  @Override
  public Optional<Batch> cancelBatch(BatchId id, Writer.Action alongside) {
    return writer.write(transaction -> {
      if (findBatch(transaction, id).isEmpty()) {
        return Optional.empty();
      }
      alongside.run(transaction);
      store.unfinished(transaction, id).forEach(item -> cancel(transaction, item));
      return store.findBatch(transaction, id);
    });
  }

  private void cancel(Transaction transaction, WorkItem item) {
    if (item.state().finished()) {
      return;
    }
    store.requestCancel(transaction, item.id(), clock.instant());
    progress.apply(
        transaction,
        item,
        OperationEvent.CANCEL_REQUESTED,
        End.because("cancelled before it was sent"));
    transaction.afterCommit(() -> wake.wake(List.of(item.host())));
  }

  @Override
  public AutoCloseable onChange(Consumer<List<OperationChange>> listener) {
    return changes.listen(listener);
  }
}
