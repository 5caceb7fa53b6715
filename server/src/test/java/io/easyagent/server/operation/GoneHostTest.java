package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.NewBatch.Order;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.schedule.Schedule;
import io.easyagent.server.store.SqliteStores;
import io.easyagent.server.store.StoresUnderTest;
import io.easyagent.server.store.Writer;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that stays away does not keep its batches open for ever. */
class GoneHostTest {
  private static final Duration GONE_AFTER = Duration.ofHours(2);
  private static final Duration UNTIL_NOTICED = Duration.ofSeconds(11);

  private final FakeClock clock = new FakeClock();
  private final OperationChanges changes = new OperationChanges();
  private final HostId host = new HostId(UUID.randomUUID());
  @TempDir private Path folder;
  private StoresUnderTest stores;
  private Dispatcher dispatcher;
  private StoredOperations operations;

  @BeforeEach
  void start() {
    stores = SqliteStores.open(folder);
    startDispatcher(clock);
    stores
        .writer()
        .run(transaction ->
            stores.hosts().insert(transaction, host, "web-1", "m", Map.of(), clock.instant()));
    openSession(1);
  }

  private void startDispatcher(FakeClock now) {
    dispatcher =
        new Dispatcher(
            stores.operations(),
            stores.sessions(),
            new HostLinks(),
            stores.reader(),
            stores.writer(),
            now,
            GONE_AFTER);
    OperationProgress progress =
        new OperationProgress(stores.operations(), stores.agents(), changes, dispatcher, now);
    operations =
        new StoredOperations(
            stores.operations(),
            progress,
            changes,
            stores.hosts(),
            stores.agents(),
            stores.reader(),
            stores.writer(),
            new IdMint(now, new SecureRandom()),
            dispatcher,
            now);
    dispatcher.start(progress, new Schedule(now.scheduler()));
  }

  @AfterEach
  void stop() {
    dispatcher.close();
    changes.close();
    stores.close();
  }

  private void openSession(long epoch) {
    NewSession session =
        new NewSession(
            epoch,
            "nonce",
            Optional.of(""),
            "generation",
            new Life("m", "b", "", "", ""),
            "2.0.0",
            Set.of("definition-1", "exec-vector-1"),
            Map.of());
    boolean online =
        stores
            .writer()
            .write(transaction ->
                stores.sessions().open(transaction, host, epoch - 1, session, clock.instant())
                    && stores.sessions().putInventory(transaction, host, epoch, List.of())
                    && stores.sessions().online(transaction, host, epoch, clock.instant()));
    assertTrue(online);
  }

  private void endStream(long epoch) {
    stores
        .writer()
        .run(transaction -> stores.sessions().offline(transaction, host, epoch, clock.instant()));
  }

  private OperationId exec() {
    Command command =
        new Command.Exec(
            new Command.Exec.Work.Arguments(List.of("/bin/true")), Optional.empty(), Map.of());
    Submission submission =
        operations.submit(
            new NewBatch(
                OperationKind.EXEC,
                Optional.empty(),
                "web-1",
                "anna",
                NewBatch.LONGEST_TIMEOUT,
                Optional.empty(),
                List.of(new Order(host, command))),
            Writer.Action.NOTHING);
    if (submission instanceof Submission.Accepted(Batch batch)) {
      return operations
          .page(OperationQuery.ofBatch(batch.id()), PageRequest.first(1))
          .items()
          .getFirst()
          .id();
    }
    throw new AssertionError(submission.toString());
  }

  private OperationId sent() {
    OperationId id = exec();
    stores
        .writer()
        .run(transaction -> stores.operations().queuedToSent(transaction, id, 1, clock.instant()));
    return id;
  }

  private OperationId running() {
    OperationId id = sent();
    stores
        .writer()
        .run(transaction -> stores.operations().sentToRunning(transaction, id, clock.instant()));
    return id;
  }

  private Operation find(OperationId id) {
    return operations.find(id).orElseThrow();
  }

  @Test
  void whatWasSentToItIsInterruptedWithTheReason() {
    OperationId sent = sent();
    OperationId running = running();
    endStream(1);

    clock.advance(GONE_AFTER.minusSeconds(1));
    assertEquals(OperationState.SENT, find(sent).state());
    assertEquals(OperationState.RUNNING, find(running).state());
    OperationId queued = exec();
    clock.advance(UNTIL_NOTICED);

    for (OperationId id : List.of(sent, running)) {
      assertEquals(OperationState.INTERRUPTED, find(id).state());
      assertEquals("its host has been away for more than 2h", find(id).message());
      assertTrue(operations.findBatch(find(id).batch()).orElseThrow().finished());
    }
    assertEquals(OperationState.QUEUED, find(queued).state(), "nothing of it has left the server");
    clock.advance(NewBatch.LONGEST_TIMEOUT);
    assertEquals(OperationState.EXPIRED, find(queued).state());
  }

  @Test
  void aHostThatIsThereIsNotGone() {
    OperationId sent = sent();

    clock.advance(GONE_AFTER.multipliedBy(2));

    assertEquals(OperationState.SENT, find(sent).state());
  }

  @Test
  void theTimeCountsFromItsLastGoing() {
    OperationId sent = sent();
    endStream(1);
    clock.advance(GONE_AFTER.minusHours(1));
    openSession(2);
    clock.advance(Duration.ofHours(2));
    endStream(2);

    clock.advance(GONE_AFTER.minusHours(1));
    assertEquals(OperationState.SENT, find(sent).state());
    clock.advance(Duration.ofHours(1).plus(UNTIL_NOTICED));

    assertEquals(OperationState.INTERRUPTED, find(sent).state());
  }

  @Test
  void aServerThatWasOffForMonthsWaitsForItsHostsToComeBack() {
    OperationId sent = sent();
    OperationId running = running();
    OperationId queued = exec();
    endStream(1);
    dispatcher.close();
    FakeClock later = new FakeClock();
    later.advance(Duration.ofDays(90));

    startDispatcher(later);
    later.advance(Duration.ofMinutes(14));
    assertEquals(OperationState.SENT, find(sent).state());
    assertEquals(OperationState.RUNNING, find(running).state());
    assertEquals(OperationState.EXPIRED, find(queued).state());

    later.advance(Duration.ofMinutes(2));
    assertEquals(OperationState.INTERRUPTED, find(sent).state());
    assertEquals(OperationState.INTERRUPTED, find(running).state());
  }

  @Test
  void inARestoredStoreEveryOperationEndsAndSaysWhy() {
    OperationId queued = exec();
    OperationId sent = sent();
    OperationId running = running();
    OperationProgress progress =
        new OperationProgress(stores.operations(), stores.agents(), changes, dispatcher, clock);

    stores.writer().run(transaction -> progress.begin(transaction, "another generation"));

    for (OperationId id : List.of(queued, sent, running)) {
      assertEquals(OperationState.INTERRUPTED, find(id).state());
      assertEquals(
          "the server was restored from a backup: it may have run since", find(id).message());
      assertTrue(operations.findBatch(find(id).batch()).orElseThrow().finished());
    }
  }
}
