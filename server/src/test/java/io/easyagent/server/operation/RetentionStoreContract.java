package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.Command.Exec.Work;
import io.easyagent.server.operation.NewBatch.IdempotencyKey;
import io.easyagent.server.operation.OperationStore.NewBatchRow;
import io.easyagent.server.operation.OperationStore.NewOperationRow;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.retention.Forgetting.Plan;
import io.easyagent.server.store.StoreContract;
import io.easyagent.testkit.FakeClock;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is forgotten of batches, on every {@link RetentionStore}, and what is not. */
public abstract class RetentionStoreContract extends StoreContract {
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Bound GENEROUS = new Bound(KEPT, 1_000_000_000);
  private static final int STEP = 7;

  private final FakeClock clock = new FakeClock(NOW);
  private final IdMint ids = new IdMint(clock, new SecureRandom());

  // ---- tools

  private EndedBatches batches(Bound bound) {
    return new EndedBatches(stores.retention(), bound, clock);
  }

  private OldOutputs outputs(Bound bound) {
    return new OldOutputs(stores.retention(), bound, clock);
  }

  /** Rows of each step, until nothing is left to do. */
  private List<Integer> forget(Forgetting part) {
    List<Integer> steps = new ArrayList<>();
    int before;
    do {
      before = steps.size();
      Plan plan = read(part::plan);
      int rows = write(transaction -> plan.forget(transaction, STEP));
      while (rows > 0) {
        steps.add(rows);
        rows = write(transaction -> plan.forget(transaction, STEP));
      }
    } while (steps.size() > before);
    steps.forEach(rows -> assertTrue(rows <= STEP, steps.toString()));
    return steps;
  }

  private BatchId batch(String key) {
    BatchId id = new BatchId(ids.next());
    run(transaction ->
        stores
            .operations()
            .insertBatch(
                transaction,
                new NewBatchRow(
                    id,
                    new NewBatch(
                        OperationKind.EXEC,
                        Optional.empty(),
                        "--all",
                        "anna",
                        Duration.ofMinutes(15),
                        Optional.of(new IdempotencyKey(key, "body")),
                        List.of()),
                    clock.instant(),
                    clock.instant().plus(Duration.ofMinutes(15)),
                    10)));
    return id;
  }

  private static Command command(String text) {
    return new Command.Exec(new Work.Arguments(List.of(text)), Optional.empty(), Map.of());
  }

  private List<OperationId> operations(BatchId batch, HostId host, int number, String command) {
    List<OperationId> made = new ArrayList<>();
    run(transaction -> {
      String digest = stores.operations().putCommand(transaction, command(command));
      List<NewOperationRow> rows = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        OperationId id = new OperationId(ids.next());
        made.add(id);
        rows.add(
            new NewOperationRow(
                id,
                batch,
                OperationKind.EXEC,
                host,
                "web-1",
                Optional.empty(),
                Optional.empty(),
                digest,
                0,
                clock.instant(),
                clock.instant().plus(Duration.ofMinutes(15)),
                Optional.empty()));
      }
      stores.operations().insert(transaction, rows);
    });
    return made;
  }

  private void end(OperationId id, String output) {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    run(transaction -> {
      WorkItem item = stores.operations().findWork(transaction, id).orElseThrow();
      assertTrue(
          stores
              .operations()
              .finish(
                  transaction,
                  item,
                  OperationState.SUCCEEDED,
                  new End(
                      "",
                      Optional.of(new ProcessEnd.Exited(0)),
                      new Output(bytes, new byte[0], bytes.length),
                      Optional.empty()),
                  clock.instant()));
    });
  }

  /** A batch whose ten operations have ended. */
  private BatchId ended(String name) {
    HostId host = host("host of " + name);
    BatchId batch = batch(name);
    operations(batch, host, 10, name).forEach(id -> end(id, "output of " + name));
    return batch;
  }

  private boolean isThere(BatchId batch) {
    return read(transaction -> stores.operations().findBatch(transaction, batch)).isPresent();
  }

  private long count(String table) {
    return read(transaction ->
        transaction.handle().createQuery("SELECT COUNT(*) FROM " + table).mapTo(Long.class).one());
  }

  private Optional<Output> output(OperationId id) {
    return read(transaction -> stores.operations().find(transaction, id)).orElseThrow().output();
  }

  // ---- batches

  @Test
  void aBatchIsForgottenOnceItIsOldWithAllThatIsItsOwn() {
    BatchId old = ended("old");
    clock.advance(KEPT);
    BatchId young = ended("young");

    assertEquals(List.of(), forget(batches(GENEROUS)), "not older yet");
    clock.advance(Duration.ofMillis(1));
    assertEquals(List.of(1, 7, 3, 1), forget(batches(GENEROUS)));

    assertTrue(!isThere(old) && isThere(young));
    assertEquals(10, count("operation"));
    assertEquals(1, count("batch"));
    assertEquals(1, count("document"), "the command went with the last of its operations");
    assertEquals(List.of(), forget(batches(GENEROUS)));
  }

  @Test
  void ageCountsFromTheEnd() {
    HostId host = host("web-1");
    BatchId batch = batch("slow");
    List<OperationId> all = operations(batch, host, 3, "slow");
    end(all.get(0), "");
    clock.advance(Duration.ofDays(100));
    assertEquals(List.of(), forget(batches(GENEROUS)), "it still runs");
    end(all.get(2), "");
    assertEquals(List.of(), forget(batches(GENEROUS)), "it still runs");
    end(all.get(1), "");
    clock.advance(KEPT);
    assertEquals(List.of(), forget(batches(GENEROUS)));
    clock.advance(Duration.ofMillis(1));
    assertEquals(List.of(1, 3, 1), forget(batches(GENEROUS)));
    assertEquals(0, count("operation"));
  }

  @Test
  void whatStillRunsIsNeverForgottenHoweverOldAndHoweverMuch() {
    HostId host = host("web-1");
    BatchId runs = batch("runs");
    List<OperationId> all = operations(runs, host, 30, "runs");
    all.subList(0, 29).forEach(id -> end(id, "x"));
    ended("other");
    clock.advance(Duration.ofDays(1000));

    forget(batches(new Bound(Duration.ofDays(1), 0)));
    forget(outputs(new Bound(Duration.ofDays(1), 0)));
    forget(new UnusedDocuments(stores.retention()));

    assertTrue(isThere(runs));
    assertEquals(30, count("operation"));
    assertEquals(1, count("document"));
    assertEquals(
        "x", new String(output(all.getFirst()).orElseThrow().head(), StandardCharsets.UTF_8));
  }

  @Test
  void whatIsTooMuchGoesTheOldestFirstButNothingOfTheLastHour() {
    List<BatchId> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(ended("batch " + i));
      clock.advance(Duration.ofMinutes(1));
    }
    Bound few = new Bound(KEPT, 25);
    assertEquals(List.of(), forget(batches(few)), "nobody had the time to look at them");
    clock.advance(Bound.ALWAYS_KEPT);
    forget(batches(few));
    assertEquals(
        List.of(false, false, false, true, true), made.stream().map(this::isThere).toList());
    assertEquals(20, count("operation"));
  }

  @Test
  void aBatchGoesAsAWholeAndItsKeyIsFree() {
    BatchId old = ended("key");
    clock.advance(KEPT.plusMillis(1));
    Plan plan = read(batches(GENEROUS)::plan);

    assertEquals(1, (int) write(transaction -> plan.forget(transaction, STEP)));

    assertEquals(10, count("operation"), "nothing is removed yet");
    assertTrue(!isThere(old));
    assertEquals(
        List.of(),
        read(transaction ->
                stores.operations().pageBatches(transaction, Scope.ALL, PageRequest.first(10)))
            .items());
    assertEquals(
        0L,
        read(transaction ->
                stores.operations().pageBatches(transaction, Scope.ALL, PageRequest.first(10)))
            .total());
    assertEquals(
        List.of(),
        read(transaction ->
            stores.operations().findBatchIds(transaction, Scope.ALL, old.toString(), 10)));
    assertEquals(
        Optional.empty(),
        read(transaction -> stores.operations().findByKey(transaction, "anna", "key")));
    BatchId again = batch("key");
    assertTrue(isThere(again));
    // the server was killed here: the next round goes on
    assertEquals(List.of(7, 3, 1), forget(batches(GENEROUS)));
    assertTrue(isThere(again));
  }

  // ---- outputs

  @Test
  void anOutputIsForgottenBeforeItsOperationWhichSaysSo() {
    HostId host = host("web-1");
    BatchId batch = batch("b");
    OperationId id = operations(batch, host, 1, "b").getFirst();
    end(id, "text");
    Bound week = new Bound(Duration.ofDays(7), 1_000_000);
    clock.advance(week.age());
    assertEquals(List.of(), forget(outputs(week)));
    assertEquals("Output[4 bytes]", output(id).orElseThrow().toString());
    clock.advance(Duration.ofMillis(1));

    assertEquals(List.of(1), forget(outputs(week)));

    assertEquals(Optional.of(Output.REMOVED), output(id));
    assertEquals(List.of(), forget(outputs(week)));
  }

  @Test
  void anOutputThatIsUsedAgainIsAsOldAsItsLastUse() {
    Bound week = new Bound(Duration.ofDays(7), 1_000_000);
    HostId host = host("web-1");
    List<OperationId> all = operations(batch("b"), host, 3, "b");
    end(all.get(0), "same");
    clock.advance(Duration.ofDays(6));
    end(all.get(1), "same");
    Instant used = clock.instant();
    end(all.get(2), "");
    clock.advance(Duration.ofDays(6));
    assertEquals(List.of(), forget(outputs(week)));
    assertEquals(
        List.of(used.toEpochMilli()),
        read(transaction ->
            transaction
                .handle()
                .createQuery("SELECT last_used FROM output")
                .mapTo(Long.class)
                .list()));
  }

  @Test
  void anOutputThatIsUsedBetweenLookingAndForgettingStays() {
    Bound week = new Bound(Duration.ofDays(7), 1_000_000);
    HostId host = host("web-1");
    OperationId first = operations(batch("b"), host, 1, "b").getFirst();
    end(first, "same");
    clock.advance(Duration.ofDays(8));
    Plan plan = read(outputs(week)::plan);
    OperationId again = operations(batch("c"), host, 1, "c").getFirst();
    end(again, "same");

    assertEquals(0, (int) write(transaction -> plan.forget(transaction, STEP)));

    assertEquals("Output[4 bytes]", output(first).orElseThrow().toString());
  }

  @Test
  void outputsThatAreTooManyBytesGoTheOldestFirst() {
    HostId host = host("web-1");
    List<OperationId> all = operations(batch("b"), host, 20, "b");
    for (int i = 0; i < all.size(); i++) {
      end(all.get(i), "%010d".formatted(i));
      clock.advance(Duration.ofMinutes(2));
    }
    clock.advance(Bound.ALWAYS_KEPT);

    assertEquals(List.of(7, 7, 1), forget(outputs(new Bound(KEPT, 50))));

    assertEquals(
        5, all.stream().filter(id -> !output(id).equals(Optional.of(Output.REMOVED))).count());
    assertEquals("Output[10 bytes]", output(all.getLast()).orElseThrow().toString());
  }

  // ---- documents

  @Test
  void documentsThatNobodyHasAreFound() {
    HostId host = host("web-1");
    operations(batch("b"), host, 1, "command of an operation");
    DefinitionText used = definition("of an agent");
    run(transaction -> {
      stores
          .agents()
          .insert(transaction, new AgentId(UUID.randomUUID()), host, used, 1, DesiredState.RUNNING);
      for (int i = 0; i < 17; i++) {
        stores.operations().putCommand(transaction, command("unused " + i));
      }
    });
    assertEquals(19, count("document"));

    assertEquals(List.of(7, 7, 3), forget(new UnusedDocuments(stores.retention())));

    assertEquals(2, count("document"));
  }

  private static DefinitionText definition(String text) {
    return new DefinitionText("filebeat", AgentType.SERVICE, Optional.empty(), text);
  }
}
