package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.definition.AgentType;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.artifact.SidecarDistribution;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.Command.Exec.Work;
import io.easyagent.server.operation.NewBatch.IdempotencyKey;
import io.easyagent.server.operation.OperationStore.KeyedBatch;
import io.easyagent.server.operation.OperationStore.NewBatchRow;
import io.easyagent.server.operation.OperationStore.NewOperationRow;
import io.easyagent.server.store.StoreContract;
import io.easyagent.testkit.FakeClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link OperationStore} promises. */
public abstract class OperationStoreContract extends StoreContract {
  private static final Instant DEADLINE = NOW.plus(Duration.ofMinutes(15));
  private static final Instant LATER = NOW.plus(Duration.ofMinutes(1));
  private static final AgentId NO_AGENT = new AgentId(new UUID(0, 0));

  private final IdMint ids = new IdMint(new FakeClock(NOW), new SecureRandom());

  // ---- tools

  private BatchId batch() {
    return batch("anna", Optional.empty());
  }

  private BatchId batch(String createdBy, Optional<IdempotencyKey> key) {
    BatchId id = new BatchId(ids.next());
    run(transaction -> stores.operations().insertBatch(transaction, batchRow(id, createdBy, key)));
    return id;
  }

  private static NewBatchRow batchRow(BatchId id, String createdBy, Optional<IdempotencyKey> key) {
    return new NewBatchRow(
        id,
        new NewBatch(
            OperationKind.RESTART,
            Optional.of("filebeat"),
            "-l role=web",
            createdBy,
            Duration.ofMinutes(15),
            key,
            List.of()),
        NOW,
        DEADLINE,
        3);
  }

  private OperationId operation(BatchId batch, HostId host) {
    return operation(batch, host, NO_AGENT, DEADLINE, Optional.empty());
  }

  private OperationId operation(
      BatchId batch, HostId host, AgentId agent, Instant deadline, Optional<String> refused) {
    OperationId id = new OperationId(ids.next());
    run(transaction ->
        stores
            .operations()
            .insert(
                transaction,
                List.of(
                    new NewOperationRow(
                        id,
                        batch,
                        OperationKind.RESTART,
                        host,
                        "name of then",
                        Optional.of(agent).filter(given -> !given.equals(NO_AGENT)),
                        Optional.of("filebeat"),
                        stores.operations().putCommand(transaction, new Command.Restart()),
                        5,
                        NOW,
                        deadline,
                        refused))));
    return id;
  }

  private WorkItem work(OperationId id) {
    return read(transaction -> stores.operations().findWork(transaction, id)).orElseThrow();
  }

  private Operation find(OperationId id) {
    return read(transaction -> stores.operations().find(transaction, id)).orElseThrow();
  }

  private Batch find(BatchId id) {
    return read(transaction -> stores.operations().findBatch(transaction, id)).orElseThrow();
  }

  private boolean send(OperationId id, long epoch) {
    return write(transaction -> stores.operations().queuedToSent(transaction, id, epoch, LATER));
  }

  private boolean start(OperationId id) {
    return write(transaction -> stores.operations().sentToRunning(transaction, id, LATER));
  }

  private boolean finish(OperationId id, OperationState state, End end) {
    WorkItem item = work(id);
    return finish(item, state, end);
  }

  private boolean finish(WorkItem item, OperationState state, End end) {
    return write(transaction -> stores.operations().finish(transaction, item, state, end, LATER));
  }

  private List<OperationId> finishedAfter(BatchId batch, long number, int limit) {
    return read(transaction -> stores.operations().finishedAfter(transaction, batch, number, limit))
        .stream()
        .map(finished -> finished.operation().id())
        .toList();
  }

  private static List<OperationId> ids(List<WorkItem> items) {
    return items.stream().map(WorkItem::id).toList();
  }

  // ---- commands

  @Test
  void equalCommandsAreStoredOnceAndReadBack() {
    DefinitionText definition =
        new DefinitionText(
            "filebeat", AgentType.SERVICE, Optional.of("filebeat@8"), "{\"a\":\"ü\"}");
    List<Command> commands =
        List.of(
            new Command.Install(definition, true),
            new Command.Install(definition, false),
            new Command.Configure(definition, OptionalLong.empty()),
            new Command.Start(),
            new Command.Stop(),
            new Command.Restart(),
            new Command.Uninstall(true),
            new Command.Uninstall(false),
            new Command.Exec(
                new Work.Arguments(List.of("echo", "a b", "")), Optional.of("nobody"), Map.of()),
            new Command.Exec(
                new Work.ShellScript("exit 3\n", List.of("x")),
                Optional.empty(),
                Map.of("B", "2", "A", "1")),
            upgradeTo("2.1.0"),
            upgradeTo("2.1.1"),
            new Command.ConfigureSidecar("server:\n  addresses: [ü:8890]\n"),
            new Command.ConfigureSidecar("{}"));
    for (Command command : commands) {
      String digest = putCommand(command);

      assertTrue(digest.matches("[0-9a-f]{64}"), digest);
      assertEquals(digest, putCommand(command));
      assertEquals(
          command, read(transaction -> stores.operations().requireCommand(transaction, digest)));
    }
    assertEquals(commands.size(), commands.stream().map(this::putCommand).distinct().count());
  }

  private static Command upgradeTo(String version) {
    return new Command.UpgradeSidecar(
        new SidecarDistribution(
            "easyagent-sidecar-linux-x86_64", version, "ab".repeat(32), 5L << 30, "cd".repeat(64)));
  }

  @Test
  void onlyUnfinishedUpgradesNeedTheirPackage() {
    String reference = "easyagent-sidecar-linux-x86_64@2.1.0";
    assertEquals(0, upgradingTo(reference));
    BatchId batch = batch();
    operation(batch, host("web-1"), OperationKind.UPGRADE_SIDECAR, upgradeTo("2.1.1"));
    operation(batch, host("web-2"));
    OperationId first =
        operation(batch, host("web-3"), OperationKind.UPGRADE_SIDECAR, upgradeTo("2.1.0"));
    operation(batch, host("web-4"), OperationKind.UPGRADE_SIDECAR, upgradeTo("2.1.0"));

    assertEquals(2, upgradingTo(reference));
    assertEquals(1, upgradingTo("easyagent-sidecar-linux-x86_64@2.1.1"));
    assertEquals(0, upgradingTo("easyagent-sidecar-linux-aarch64@2.1.0"));
    assertTrue(send(first, 1) && start(first));
    assertEquals(2, upgradingTo(reference), "while it runs");
    assertTrue(finish(first, OperationState.SUCCEEDED, End.because("")));
    assertEquals(1, upgradingTo(reference));
  }

  private long upgradingTo(String reference) {
    return read(transaction -> stores.operations().countUpgradingTo(transaction, reference));
  }

  private OperationId operation(BatchId batch, HostId host, OperationKind kind, Command command) {
    OperationId id = new OperationId(ids.next());
    run(transaction ->
        stores
            .operations()
            .insert(
                transaction,
                List.of(
                    new NewOperationRow(
                        id,
                        batch,
                        kind,
                        host,
                        "name of then",
                        Optional.empty(),
                        Optional.empty(),
                        stores.operations().putCommand(transaction, command),
                        0,
                        NOW,
                        DEADLINE,
                        Optional.empty()))));
    return id;
  }

  private String putCommand(Command command) {
    return write(transaction -> stores.operations().putCommand(transaction, command));
  }

  // ---- acceptance

  @Test
  void anOperationIsAsItWasInserted() {
    HostId host = host("web-1");
    BatchId batch = batch();
    AgentId agent = new AgentId(UUID.randomUUID());
    OperationId id = operation(batch, host, agent, DEADLINE, Optional.empty());

    Operation operation = find(id);
    assertEquals(batch, operation.batch());
    assertEquals(OperationKind.RESTART, operation.kind());
    assertEquals(host, operation.host());
    assertEquals("name of then", operation.hostName());
    assertEquals(Optional.of(agent), operation.agent());
    assertEquals(Optional.of("filebeat"), operation.agentName());
    assertEquals(OperationState.QUEUED, operation.state());
    assertEquals(NOW, operation.createdAt());
    assertEquals(DEADLINE, operation.deadline());
    assertFalse(operation.cancelRequested());
    assertEquals(Optional.empty(), operation.sentAt());
    assertEquals(Optional.empty(), operation.startedAt());
    assertEquals(Optional.empty(), operation.finishedAt());
    assertEquals("", operation.message());
    assertEquals(Optional.empty(), operation.output());
    WorkItem item = work(id);
    assertEquals(5, item.revision());
    assertEquals(0, item.sentEpoch());
    assertEquals(putCommand(new Command.Restart()), item.digest());
    assertTrue(
        read(transaction ->
                stores.operations().find(transaction, new OperationId(UUID.randomUUID())))
            .isEmpty());
  }

  @Test
  void aRefusedOneIsFailedFromTheStart() {
    BatchId batch = batch();
    HostId host = host("web-1");
    OperationId refused = operation(batch, host, NO_AGENT, DEADLINE, Optional.of("no agent there"));

    assertEquals(OperationState.FAILED, find(refused).state());
    assertEquals("no agent there", find(refused).message());
    assertEquals(Optional.of(NOW), find(refused).finishedAt());
    assertEquals(List.of(refused), finishedAfter(batch, 0, 10));
    assertFalse(send(refused, 1));
    assertEquals(List.of(), read(transaction -> stores.operations().unfinished(transaction, host)));
  }

  @Test
  void aBatchCountsItsOperations() {
    HostId host = host("web-1");
    BatchId id = batch();
    operation(id, host);
    OperationId sent = operation(id, host);
    OperationId failed = operation(id, host);
    send(sent, 1);
    finish(failed, OperationState.EXPIRED, End.because("late"));

    Batch batch = find(id);

    assertEquals(OperationKind.RESTART, batch.kind());
    assertEquals(Optional.of("filebeat"), batch.agent());
    assertEquals("-l role=web", batch.target());
    assertEquals("anna", batch.createdBy());
    assertEquals(NOW, batch.createdAt());
    assertEquals(DEADLINE, batch.deadline());
    assertEquals(3, batch.total());
    assertEquals(
        Map.of(OperationState.QUEUED, 1L, OperationState.SENT, 1L, OperationState.EXPIRED, 1L),
        batch.counts());
    assertEquals(2, batch.offline(), "unfinished ones of a host that is not online");
    assertFalse(batch.finished());
    assertTrue(
        read(transaction ->
                stores.operations().findBatch(transaction, new BatchId(UUID.randomUUID())))
            .isEmpty());
  }

  // ---- idempotency keys

  @Test
  void aKeyIsItsCallersAndUsedOnce() {
    IdempotencyKey key = new IdempotencyKey("k", "digest");
    BatchId annas = batch("anna", Optional.of(key));
    BatchId bos = batch("bo", Optional.of(key));

    assertEquals(Optional.of(new KeyedBatch(annas, "digest")), findByKey("anna", "k"));
    assertEquals(Optional.of(new KeyedBatch(bos, "digest")), findByKey("bo", "k"));
    assertEquals(Optional.empty(), findByKey("anna", "K"));
    assertEquals(Optional.empty(), findByKey("eve", "k"));
    assertRefused(transaction ->
        stores
            .operations()
            .insertBatch(transaction, batchRow(new BatchId(ids.next()), "anna", Optional.of(key))));
    batch("anna", Optional.empty());
    batch("anna", Optional.empty());
  }

  private Optional<KeyedBatch> findByKey(String createdBy, String key) {
    return read(transaction -> stores.operations().findByKey(transaction, createdBy, key));
  }

  @Test
  void aKeyIsFoundWithItsParts() {
    IdempotencyKey key = new IdempotencyKey("ab12", "digest");
    BatchId install = batch("anna", Optional.of(key.part("INSTALL/filebeat")));
    BatchId configure = batch("anna", Optional.of(key.part("CONFIGURE/filebeat")));
    BatchId whole = batch("anna", Optional.of(key));
    for (String alike : List.of("ab1", "ab120", "ab12-", "ab12.", "ab123/INSTALL/filebeat")) {
      batch("anna", Optional.of(new IdempotencyKey(alike, "digest")));
    }
    batch("bo", Optional.of(key.part("INSTALL/filebeat")));

    List<KeyedBatch> found =
        read(transaction -> stores.operations().findByKeyAndParts(transaction, "anna", "ab12"));

    assertEquals(List.of(install, configure, whole), found.stream().map(KeyedBatch::id).toList());
  }

  // ---- moves

  @Test
  void everyMoveNamesTheStateThatItLeaves() {
    HostId host = host("web-1");
    OperationId id = operation(batch(), host);
    assertFalse(start(id), "not sent yet");
    assertTrue(send(id, 3));
    assertFalse(send(id, 3), "sent already");
    assertEquals(OperationState.SENT, find(id).state());
    assertEquals(Optional.of(LATER), find(id).sentAt());
    assertEquals(3, work(id).sentEpoch());
    WorkItem sent = work(id);
    assertTrue(start(id));
    assertFalse(start(id));
    assertEquals(Optional.of(LATER), find(id).startedAt());
    assertFalse(finish(sent, OperationState.FAILED, End.because("stale")), "it runs by now");
    assertEquals(OperationState.RUNNING, find(id).state());
    WorkItem running = work(id);
    assertTrue(finish(running, OperationState.SUCCEEDED, End.because("done")));
    assertFalse(finish(running, OperationState.FAILED, End.because("again")));
    assertEquals(OperationState.SUCCEEDED, find(id).state());
    assertEquals("done", find(id).message());
    assertEquals(Optional.of(LATER), find(id).finishedAt());
  }

  @Test
  void nothingLeavesAFinishedState() {
    HostId host = host("web-1");
    for (OperationState state : OperationState.values()) {
      if (!state.finished()) {
        continue;
      }
      OperationId id = operation(batch(), host);
      finish(id, state, End.because("over"));
      WorkItem ended = work(id);

      assertFalse(send(id, 1), state.name());
      assertFalse(start(id), state.name());
      assertFalse(done(transaction -> stores.operations().sentAgain(transaction, id, 9)));
      run(transaction -> {
        stores.operations().hostHasIt(transaction, id, 9);
        stores.operations().requestCancel(transaction, id, LATER);
      });
      assertEquals(ended, work(id), state.name());
    }
  }

  @Test
  void sentIsSentAgainToALaterSessionOnly() {
    OperationId id = operation(batch(), host("web-1"));
    assertFalse(sentAgain(id, 1), "never sent");
    send(id, 3);
    assertFalse(sentAgain(id, 3));
    assertFalse(sentAgain(id, 2));
    assertTrue(sentAgain(id, 4));
    assertEquals(4, work(id).sentEpoch());
    assertEquals(OperationState.SENT, work(id).state());
    run(transaction -> stores.operations().hostHasIt(transaction, id, 5));
    assertFalse(sentAgain(id, 5), "the session's host has it");
    start(id);
    assertFalse(sentAgain(id, 6), "it runs");
  }

  private boolean sentAgain(OperationId id, long epoch) {
    return write(transaction -> stores.operations().sentAgain(transaction, id, epoch));
  }

  @Test
  void anEndIsStoredWithAllThatItSays() {
    HostId host = host("web-1");
    BatchId batch = batch();
    byte[] head = {0, 1, (byte) 0xff, '\n'};
    Output output = new Output(head, new byte[] {7}, 1L << 30);
    List<ProcessEnd> ends =
        List.of(
            new ProcessEnd.Exited(3),
            new ProcessEnd.Signalled(9),
            new ProcessEnd.Unknown("its keeper died"),
            new ProcessEnd.NotStarted("no such file"));
    for (ProcessEnd processEnd : ends) {
      OperationId id = operation(batch, host);
      send(id, 1);
      Instant started = NOW.plusMillis(5);
      finish(
          id,
          OperationState.FAILED,
          new End("why", Optional.of(processEnd), output, Optional.of(started)));

      assertEquals(Optional.of(processEnd), find(id).processEnd());
      assertEquals(Optional.of(started), find(id).startedAt());
      Output stored = find(id).output().orElseThrow();
      assertEquals(output, stored, "equal outputs are each one's own");
      assertArrayEquals(head, stored.head());
      assertTrue(stored.truncated());
    }
    OperationId shifted = operation(batch, host);
    Output other = new Output(new byte[] {0, 1, (byte) 0xff}, new byte[] {'\n', 7}, 1L << 30);
    finish(
        shifted, OperationState.FAILED, new End("why", Optional.empty(), other, Optional.empty()));
    assertEquals(Optional.of(other), find(shifted).output());
    assertNotEquals(output, find(shifted).output().orElseThrow());
  }

  @Test
  void aKnownStartStays() {
    OperationId id = operation(batch(), host("web-1"));
    send(id, 1);
    start(id);

    finish(
        id, OperationState.SUCCEEDED, new End("", Optional.empty(), Output.NONE, Optional.of(NOW)));

    assertEquals(Optional.of(LATER), find(id).startedAt());
    assertEquals(Optional.empty(), find(id).output(), "an empty output is none");
  }

  @Test
  void endsAreListedInTheirOrder() {
    HostId host = host("web-1");
    BatchId batch = batch();
    OperationId one = operation(batch, host);
    OperationId two = operation(batch, host);
    OperationId three = operation(batch, host);
    OperationId other = operation(batch(), host);
    for (OperationId id : List.of(three, other, one, two)) {
      finish(id, OperationState.CANCELLED, End.because(""));
    }

    assertEquals(List.of(three, one, two), finishedAfter(batch, 0, 10));
    assertEquals(List.of(three, one), finishedAfter(batch, 0, 2));
    long afterFirst =
        Long.parseLong(
            read(transaction -> stores.operations().finishedAfter(transaction, batch, 0, 1))
                .getFirst()
                .cursor());
    assertEquals(List.of(one, two), finishedAfter(batch, afterFirst, 10));
  }

  @Test
  void aCancelIsRemembered() {
    OperationId id = operation(batch(), host("web-1"));
    assertFalse(work(id).cancelRequested());

    run(transaction -> stores.operations().requestCancel(transaction, id, LATER));
    run(transaction -> stores.operations().requestCancel(transaction, id, LATER));

    assertTrue(work(id).cancelRequested());
    assertTrue(find(id).cancelRequested());
    assertEquals(OperationState.QUEUED, find(id).state());
  }

  // ---- what is to be done

  @Test
  void unfinishedOnesComeInTheOrderOfAcceptance() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    AgentId agent = new AgentId(UUID.randomUUID());
    BatchId batch = batch();
    OperationId one = operation(batch, host, agent, DEADLINE, Optional.empty());
    OperationId ended = operation(batch, host);
    OperationId three = operation(batch, host, agent, DEADLINE, Optional.empty());
    OperationId elsewhere = operation(batch, other);
    OperationId ofAnotherBatch = operation(batch(), host);
    finish(ended, OperationState.CANCELLED, End.because(""));
    send(one, 1);

    assertEquals(
        List.of(one, three, ofAnotherBatch),
        ids(read(transaction -> stores.operations().unfinished(transaction, host))));
    HostId spare = host("web-3");
    Map<HostId, List<WorkItem>> ofHosts =
        read(transaction ->
            stores.operations().unfinished(transaction, List.of(other, host, spare)));
    assertEquals(Set.of(host, other), ofHosts.keySet());
    assertEquals(List.of(one, three, ofAnotherBatch), ids(ofHosts.getOrDefault(host, List.of())));
    assertEquals(List.of(elsewhere), ids(ofHosts.getOrDefault(other, List.of())));
    assertEquals(
        List.of(one, three, elsewhere),
        ids(read(transaction -> stores.operations().unfinished(transaction, batch))));
    assertEquals(
        List.of(three), ids(read(transaction -> stores.operations().queued(transaction, agent))));
    assertEquals(
        List.of(host, other).stream().map(HostId::toString).sorted().toList(),
        read(stores.operations()::hostsWithWork).stream().map(HostId::toString).sorted().toList());
    HostId idle = host("idle");
    assertEquals(
        Map.of(host, 3L, other, 1L),
        read(transaction ->
            stores.operations().countUnfinished(transaction, List.of(host, other, idle))));
    assertEquals(
        Map.of(OperationState.QUEUED, 3L, OperationState.SENT, 1L),
        read(stores.operations()::countUnfinished));
  }

  @Test
  void onlyQueuedOnesAreFoundByTheirDeadline() {
    HostId host = host("web-1");
    BatchId batch = batch();
    OperationId later = operation(batch, host, NO_AGENT, NOW.plusMillis(2), Optional.empty());
    OperationId due = operation(batch, host, NO_AGENT, NOW, Optional.empty());
    OperationId sent = operation(batch, host, NO_AGENT, NOW, Optional.empty());
    operation(batch, host, NO_AGENT, NOW, Optional.of("refused"));
    send(sent, 1);

    assertEquals(List.of(), queuedUntil(NOW.minusMillis(1), 10));
    assertEquals(List.of(due), queuedUntil(NOW, 10));
    assertEquals(List.of(due, later), queuedUntil(NOW.plusMillis(2), 10));
    assertEquals(List.of(due), queuedUntil(NOW.plusMillis(2), 1));
  }

  private List<OperationId> queuedUntil(Instant time, int limit) {
    return ids(read(transaction -> stores.operations().queuedUntil(transaction, time, limit)));
  }

  /** Hosts here are pending, and so offline, since NOW. */
  @Test
  void hostsAreGoneOnceTheyAreAwayForLongWithSomethingSent() {
    HostId gone = host("gone");
    HostId queuedOnly = host("queued only");
    HostId ended = host("ended");
    BatchId batch = batch();
    send(operation(batch, gone), 1);
    operation(batch, queuedOnly);
    OperationId over = operation(batch, ended);
    send(over, 1);
    finish(over, OperationState.SUCCEEDED, End.because(""));

    assertEquals(List.of(), goneSince(NOW));
    assertEquals(List.of(gone), goneSince(NOW.plusMillis(1)));
  }

  private List<HostId> goneSince(Instant time) {
    return read(transaction -> stores.operations().hostsGoneSince(transaction, time));
  }

  // ---- lists

  @Test
  void operationsAndBatchesAreFoundByTheBeginningsOfTheirIds() {
    HostId host = host("web-1");
    BatchId batch = batch();
    BatchId second = batch();
    OperationId one = operation(batch, host);
    OperationId two = operation(batch, host);
    String common = batch.toString().substring(0, 12);

    assertEquals(List.of(batch, second), batches(common, 10));
    assertEquals(List.of(batch), batches(common, 1));
    assertEquals(
        List.of(second), batches(second.toString().substring(0, IdMint.ORDERED_PREFIX), 10));
    assertEquals(List.of(batch), batches(batch.toString(), 10));
    assertEquals(List.of(), batches("ffff", 10));
    assertEquals(List.of(one, two), operations(common, 10));
    assertEquals(List.of(one), operations(common, 1));
    assertEquals(List.of(two), operations(two.toString(), 10));
  }

  private List<BatchId> batches(String prefix, int limit) {
    return read(
        transaction -> stores.operations().findBatchIds(transaction, Scope.ALL, prefix, limit));
  }

  private List<OperationId> operations(String prefix, int limit) {
    return read(transaction -> stores.operations().findIds(transaction, Scope.ALL, prefix, limit));
  }

  @Test
  void batchesAreListedNewestFirst() {
    List<BatchId> made = List.of(batch(), batch(), batch(), batch(), batch());

    List<BatchId> listed =
        walk((transaction, page) -> stores.operations().pageBatches(transaction, Scope.ALL, page))
            .stream()
            .map(Batch::id)
            .toList();

    assertEquals(made.reversed(), listed);
  }

  @Test
  void operationsAreListedInTheOrderOfAcceptance() {
    HostId host = host("web-1");
    HostId other = host("web-2");
    AgentId agent = new AgentId(UUID.randomUUID());
    BatchId batch = batch();
    OperationId one = operation(batch, host);
    OperationId two = operation(batch, other, agent, DEADLINE, Optional.empty());
    OperationId three = operation(batch, host, agent, DEADLINE, Optional.empty());
    OperationId four = operation(batch(), host);
    send(three, 1);

    assertEquals(List.of(one, two, three, four), list(query()));
    assertEquals(List.of(one, two, three), list(OperationQuery.ofBatch(batch)));
    assertEquals(
        List.of(one, three, four),
        list(
            new OperationQuery(
                Optional.empty(), Optional.empty(), Optional.of(host), Optional.empty())));
    assertEquals(
        List.of(two, three),
        list(
            new OperationQuery(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(agent))));
    assertEquals(
        List.of(three),
        list(
            new OperationQuery(
                Optional.of(batch),
                Optional.of(OperationState.SENT),
                Optional.of(host),
                Optional.of(agent))));
  }

  private static OperationQuery query() {
    return new OperationQuery(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private List<OperationId> list(OperationQuery query) {
    return walk(
            (transaction, page) -> stores.operations().page(transaction, Scope.ALL, query, page))
        .stream()
        .map(Operation::id)
        .toList();
  }

  @Test
  void anOperationOutlivesItsHost() {
    HostId host = host("web-1");
    BatchId batch = batch();
    OperationId id = operation(batch, host);

    run(transaction -> stores.hosts().delete(transaction, host));

    assertEquals(host, find(id).host());
    assertEquals(Map.of(OperationState.QUEUED, 1L), find(batch).counts());
  }
}
