package io.easyagent.server;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.BatchMatch;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationChange;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.OperationMatch;
import io.easyagent.server.operation.OperationQuery;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.operation.Output;
import io.easyagent.server.operation.ProcessEnd;
import io.easyagent.server.operation.Submission;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Writer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Accepts everything into memory; a test ends operations. Hosts can be told to refuse. */
final class FakeOperations implements Operations, Scoped<Operations> {
  private record Submitted(NewBatch request, Batch batch) {}

  private final IdMint ids;
  private final InstantSource clock;
  private final Function<HostId, String> hostName;
  private final Map<BatchId, Submitted> batches = new LinkedHashMap<>();
  private final Map<OperationId, Operation> operations = new LinkedHashMap<>();
  private final List<OperationId> finished = new ArrayList<>();
  private final Map<HostId, Refusal> refusing = new HashMap<>();
  private final List<Consumer<List<OperationChange>>> listeners = new CopyOnWriteArrayList<>();

  FakeOperations(IdMint ids, InstantSource clock, Function<HostId, String> hostName) {
    this.ids = ids;
    this.clock = clock;
    this.hostName = hostName;
  }

  synchronized void refuse(HostId host, Refusal refusal) {
    refusing.put(host, refusal);
  }

  synchronized int accepted() {
    return batches.size();
  }

  synchronized NewBatch request(BatchId batch) {
    return batches.get(batch).request();
  }

  /** Ends every unfinished operation of the batch. */
  void finish(BatchId batch) {
    List<OperationChange> changes = new ArrayList<>();
    synchronized (this) {
      for (Operation operation : List.copyOf(operations.values())) {
        if (operation.batch().equals(batch) && !operation.state().finished()) {
          end(operation, OperationState.SUCCEEDED);
          changes.add(new OperationChange(batch, OperationState.SUCCEEDED, 1));
        }
      }
    }
    listeners.forEach(listener -> listener.accept(changes));
  }

  private void end(Operation operation, OperationState state) {
    operations.put(
        operation.id(),
        new Operation(
            operation.id(),
            operation.batch(),
            operation.kind(),
            operation.host(),
            operation.hostName(),
            operation.agent(),
            operation.agentName(),
            state,
            operation.createdAt(),
            operation.deadline(),
            operation.cancelRequested(),
            Optional.of(clock.instant()),
            Optional.of(clock.instant()),
            Optional.of(clock.instant()),
            "exit 0",
            Optional.of(new ProcessEnd.Exited(0)),
            Optional.of(new Output("hi\u001b[0m\n".getBytes(), new byte[0], 7))));
    finished.add(operation.id());
  }

  /** Scopes are the store's business. */
  @Override
  public Operations within(Scope scope) {
    return this;
  }

  @Override
  public synchronized Submission submit(NewBatch request, Writer.Action alongside) {
    for (Submitted earlier : batches.values()) {
      if (request.idempotencyKey().isPresent()
          && earlier.request().createdBy().equals(request.createdBy())
          && earlier.request().idempotencyKey().isPresent()
          && earlier
              .request()
              .idempotencyKey()
              .get()
              .key()
              .equals(request.idempotencyKey().get().key())) {
        return earlier.request().idempotencyKey().equals(request.idempotencyKey())
            ? new Submission.AcceptedBefore(findBatch(earlier.batch().id()).orElseThrow())
            : new Submission.Refused(
                new Refusal(ErrorCode.IDEMPOTENCY_KEY_REUSED, "another body for the key"));
      }
    }
    for (NewBatch.Order order : request.orders()) {
      if (refusing.containsKey(order.host())) {
        return new Submission.Refused(refusing.get(order.host()));
      }
    }
    BatchId id = new BatchId(ids.next());
    for (NewBatch.Order order : request.orders()) {
      OperationId operation = new OperationId(ids.next());
      operations.put(
          operation,
          new Operation(
              operation,
              id,
              request.kind(),
              order.host(),
              hostName.apply(order.host()),
              Optional.empty(),
              request.agent(),
              OperationState.QUEUED,
              clock.instant(),
              clock.instant().plus(request.timeout()),
              false,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              "",
              Optional.empty(),
              Optional.empty()));
    }
    Batch batch =
        new Batch(
            id,
            request.kind(),
            request.agent(),
            request.target(),
            request.createdBy(),
            clock.instant(),
            clock.instant().plus(request.timeout()),
            request.orders().size(),
            Map.of(),
            0);
    batches.put(id, new Submitted(request, batch));
    return new Submission.Accepted(findBatch(id).orElseThrow());
  }

  @Override
  public void requireAllowed(List<NewBatch> requests) {}

  @Override
  public synchronized List<Submission> submitTogether(
      List<NewBatch> requests, Writer.Action alongside) {
    return requests.stream().map(request -> submit(request, alongside)).toList();
  }

  @Override
  public synchronized List<Batch> findSubmitted(String createdBy, NewBatch.IdempotencyKey key) {
    List<Batch> found = new ArrayList<>();
    for (Submitted earlier : batches.values()) {
      Optional<NewBatch.IdempotencyKey> used = earlier.request().idempotencyKey();
      if (earlier.request().createdBy().equals(createdBy)
          && used.isPresent()
          && (used.get().key() + "/").startsWith(key.key() + "/")) {
        if (!used.get().bodyDigest().equals(key.bodyDigest())) {
          throw new RefusedException(ErrorCode.IDEMPOTENCY_KEY_REUSED, "another body for the key");
        }
        found.add(counted(earlier.batch()));
      }
    }
    return found;
  }

  @Override
  public synchronized Map<OperationState, Long> countUnfinished() {
    Map<OperationState, Long> counts = new EnumMap<>(OperationState.class);
    operations.values().stream()
        .filter(operation -> !operation.state().finished())
        .forEach(operation -> counts.merge(operation.state(), 1L, Long::sum));
    return counts;
  }

  @Override
  public synchronized Optional<Batch> findBatch(BatchId id) {
    return Optional.ofNullable(batches.get(id)).map(Submitted::batch).map(this::counted);
  }

  private Batch counted(Batch batch) {
    Map<OperationState, Long> counts = new EnumMap<>(OperationState.class);
    operations.values().stream()
        .filter(operation -> operation.batch().equals(batch.id()))
        .forEach(operation -> counts.merge(operation.state(), 1L, Long::sum));
    return new Batch(
        batch.id(),
        batch.kind(),
        batch.agent(),
        batch.target(),
        batch.createdBy(),
        batch.createdAt(),
        batch.deadline(),
        batch.total(),
        counts,
        0);
  }

  @Override
  public synchronized BatchMatch matchBatch(String reference) {
    List<BatchId> found =
        batches.keySet().stream().filter(id -> id.toString().startsWith(reference)).toList();
    return switch (found.size()) {
      case 0 -> new BatchMatch.Missing();
      case 1 -> new BatchMatch.Found(findBatch(found.getFirst()).orElseThrow());
      default -> new BatchMatch.Ambiguous(found);
    };
  }

  @Override
  public synchronized Page<Batch> pageBatches(PageRequest request) {
    return new Page<>(
        batches.values().stream().map(Submitted::batch).map(this::counted).toList(),
        Optional.empty(),
        batches.size());
  }

  @Override
  public synchronized Optional<Operation> find(OperationId id) {
    return Optional.ofNullable(operations.get(id));
  }

  @Override
  public synchronized OperationMatch match(String reference) {
    List<OperationId> found =
        operations.keySet().stream().filter(id -> id.toString().startsWith(reference)).toList();
    return switch (found.size()) {
      case 0 -> new OperationMatch.Missing();
      case 1 -> new OperationMatch.Found(operations.get(found.getFirst()));
      default -> new OperationMatch.Ambiguous(found);
    };
  }

  @Override
  public synchronized Page<Operation> page(OperationQuery query, PageRequest request) {
    Predicate<Operation> wanted =
        operation ->
            query.batch().map(operation.batch()::equals).orElse(true)
                && query.state().map(operation.state()::equals).orElse(true)
                && query.host().map(operation.host()::equals).orElse(true);
    List<Operation> found = operations.values().stream().filter(wanted).toList();
    return new Page<>(found, Optional.empty(), found.size());
  }

  @Override
  public synchronized List<Finished> finishedAfter(
      BatchId batch, Optional<String> cursor, int limit) {
    int from = cursor.map(Integer::parseInt).orElse(0);
    List<Finished> found = new ArrayList<>();
    for (int index = from; index < finished.size() && found.size() < limit; index++) {
      Operation operation = operations.get(finished.get(index));
      if (operation.batch().equals(batch)) {
        found.add(new Finished(operation, String.valueOf(index + 1)));
      }
    }
    return found;
  }

  @Override
  public synchronized Optional<Operation> cancel(OperationId id, Writer.Action alongside) {
    Optional<Operation> operation = find(id);
    operation
        .filter(found -> !found.state().finished())
        .ifPresent(found -> end(found, OperationState.CANCELLED));
    return find(id);
  }

  @Override
  public synchronized Optional<Batch> cancelBatch(BatchId id, Writer.Action alongside) {
    List.copyOf(operations.values()).stream()
        .filter(operation -> operation.batch().equals(id))
        .forEach(operation -> cancel(operation.id(), alongside));
    return findBatch(id);
  }

  @Override
  public AutoCloseable onChange(Consumer<List<OperationChange>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
