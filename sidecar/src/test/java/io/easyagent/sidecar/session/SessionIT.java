package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.InventoryResponse;
import io.easyagent.protocol.OperationResult.Outcome;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.identity.TestAuthority;
import io.easyagent.sidecar.journal.FakeJournal;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.NotifyingJournal;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.metrics.Usage;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Operations.Intake;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.wire.Fields;
import io.easyagent.sidecar.wire.Samples;
import io.easyagent.testkit.Eventually;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionIT {
  private static final UUID HOST = new UUID(4, 2);
  private static final Backoff FAST = new Backoff(Duration.ofMillis(20), Duration.ofMillis(50));

  @TempDir Path data;
  private final FakeJournal memory = new FakeJournal();
  private final Wakeup changed = new Wakeup();
  private final Journal journal = new NotifyingJournal(memory, changed::signal);
  private final FakeOperations operations = new FakeOperations();
  private final List<Link> links = new ArrayList<>();
  private TestAuthority authority;
  private FakeServer server;

  @BeforeEach
  void startServer() throws Exception {
    authority = new TestAuthority("fleet");
    server = new FakeServer(authority);
  }

  @AfterEach
  void stop() throws Exception {
    links.forEach(Link::close);
    server.close();
  }

  @Test
  void theInventoryIsAcceptedBeforeCommandsFlow() throws Exception {
    journal.append(state -> List.of(new JournalEntry.AgentKept(Samples.agent())));
    connect();

    awaitUp();
    assertEquals(
        List.of("register", "inventory", "control"),
        server.calls.stream().filter(call -> !call.equals("events")).toList());
    assertEquals(1, server.inventories.getFirst().getAgentsCount());
    assertEquals(List.of("a condition"), server.inventories.getFirst().getConditionsList());
    assertEquals(1, server.inventories.getFirst().getH().getSessionEpoch());
    assertEquals(Fields.bytes(HOST), server.registrations.getFirst().getH().getId());
    assertEquals(
        Optional.of(
            new JournalEntry.SessionOpened(
                1, HexFormat.of().formatHex("nonce 1".getBytes()), Samples.GENERATION)),
        journal.state().session());
  }

  /** Each would stay in the connection's table of headers, as another value. */
  @Test
  void noDeadlineOfAReportIsTold() throws Exception {
    connect();
    awaitUp();

    server.send(command(1, 1).clearDigest().build());

    await("a result", () -> !server.committed.isEmpty());
    await("metrics", () -> !server.plainEvents.isEmpty());
    assertEquals(List.of(), server.toldDeadlines);
  }

  @Test
  void aCommandIsTakenWithTheHostsNameAndLabels() throws Exception {
    connect();
    awaitUp();

    server.send(command(1, 1).build());

    await("taken", () -> operations.taken.size() == 1);
    TakenCommand taken = operations.taken.getFirst();
    assertEquals(Samples.operation(1), taken.id());
    assertEquals(new Command.Stop(Samples.AGENT), taken.command());
    assertEquals("web-0002", taken.hostName());
    assertEquals(Samples.LABELS, taken.labels());
  }

  @Test
  void aCommandOfAnotherEpochOrGenerationIsRefused() throws Exception {
    connect();
    awaitUp();

    server.send(command(1, 7).build());
    server.send(command(2, 0).build());
    server.send(command(3, 1).setGeneration(ByteString.copyFrom(new byte[] {9})).build());
    server.send(command(4, 1).build());

    await("taken", () -> !operations.taken.isEmpty());
    assertEquals(
        List.of(Samples.operation(4)), operations.taken.stream().map(TakenCommand::id).toList());
  }

  @Test
  void aCommandThatIsNotUnderstoodFailsWithTheReason() throws Exception {
    connect();
    awaitUp();

    server.send(command(1, 1).clearDigest().build());

    await("a result", () -> !server.committed.isEmpty());
    Event event = server.committed.get(1L);
    assertEquals(Outcome.FAILED, event.getOperationResult().getOutcome());
    assertEquals("refused by the host: digest: missing", event.getOperationResult().getMessage());
    assertEquals(List.of(), operations.taken);
  }

  @Test
  void aCommandOfAnUnknownKindFailsWithTheReason() throws Exception {
    connect();
    awaitUp();

    server.send(command(1, 1).setCmdValue(4_711).build());

    await("a result", () -> !server.committed.isEmpty());
    Event event = server.committed.get(1L);
    assertEquals(Outcome.FAILED, event.getOperationResult().getOutcome());
    assertEquals(
        "refused by the host: cmd: 4711 (expected: a command that this version of the sidecar"
            + " knows)",
        event.getOperationResult().getMessage());
  }

  @Test
  void aCommandThatMeetsADefectFailsAndTheSessionGoesOn() throws Exception {
    operations.defect = Optional.of(new IllegalStateException("a defect"));
    connect();
    awaitUp();

    server.send(command(1, 1).build());

    await("a result", () -> !server.committed.isEmpty());
    Event event = server.committed.get(1L);
    assertEquals(Outcome.FAILED, event.getOperationResult().getOutcome());
    assertTrue(event.getOperationResult().getMessage().endsWith("a defect"));
    operations.defect = Optional.empty();
    server.send(command(2, 1).build());
    await("taken", () -> !operations.taken.isEmpty());
    assertEquals(1, server.epoch.get());
  }

  @Test
  void aBrokenCancelEndsNothing() throws Exception {
    connect();
    awaitUp();

    server.send(command(1, 1).setCmd(ControlResponse.ControlCmd.CANCEL_OPERATION).build());

    await(
        "told",
        () ->
            server.plainEvents.stream()
                .anyMatch(
                    event -> event.getAgentError().getErrstr().startsWith("a command refused")));
    assertTrue(server.committed.isEmpty());
  }

  @Test
  void aRefusedIntakeIsTold() throws Exception {
    operations.answer = new Intake.Refused("no room");
    connect();
    awaitUp();

    server.send(command(1, 1).build());

    await("told", () -> !server.committed.isEmpty());
    assertEquals("command-refused", server.committed.get(1L).getAgentEvent().getKind());
    assertTrue(server.committed.get(1L).getAgentEvent().getMessage().contains("no room"));
  }

  @Test
  void aRefusedIntakeOfTheHostIsToldWithoutTheJournal() throws Exception {
    operations.answer = new Intake.Refused("no room");
    connect();
    awaitUp();

    server.send(
        Samples.sent(
                Samples.taken(
                    1,
                    new Command.Exec(
                        Optional.empty(),
                        new Command.Exec.Work.Arguments(List.of("true")),
                        Optional.empty(),
                        Map.of())))
            .setSessionEpoch(1)
            .build());

    await(
        "told",
        () ->
            server.plainEvents.stream()
                .anyMatch(event -> event.getAgentError().getErrstr().contains("no room")));
  }

  @Test
  void aCancelIsPassedOnAndMetricsAreReported() throws Exception {
    connect();
    awaitUp();

    server.send(
        ControlResponse.newBuilder()
            .setCmd(ControlResponse.ControlCmd.CANCEL_OPERATION)
            .setSessionEpoch(1)
            .setCancelOperationOptions(
                ControlResponse.CancelOperationOptions.newBuilder()
                    .setOperationId(Fields.bytes(Samples.operation(3).value())))
            .build());

    await("cancelled", () -> operations.cancelled.contains(Samples.operation(3)));
    await("metrics", () -> server.plainEvents.stream().anyMatch(Event::hasOsResourceUsages));
  }

  @Test
  void aBrokenLinkIsRestoredWithTheLastNonceAndTheNextEpoch() throws Exception {
    connect();
    awaitUp();

    server.restart();

    await("second session", () -> server.registrations.size() >= 2 && server.isUp());
    assertEquals("nonce 1", server.registrations.getLast().getNonce().toStringUtf8());
    assertEquals(FakeServer.GENERATION, server.registrations.getLast().getGeneration());
    server.send(command(1, 1).build());
    server.send(command(2, server.epoch.get()).build());
    await("taken", () -> !operations.taken.isEmpty());
    assertEquals(Samples.operation(2), operations.taken.getFirst().id());
  }

  @Test
  void theSidecarComesBackWhenAsked() throws Exception {
    connect();
    awaitUp();

    server.send(
        ControlResponse.newBuilder()
            .setCmd(ControlResponse.ControlCmd.RECONNECT)
            .setSessionEpoch(1)
            .setReconnectOptions(
                ControlResponse.ReconnectOptions.newBuilder()
                    .setAfter(Fields.duration(Duration.ofMillis(30)))
                    .setReason("upgrade"))
            .build());

    await("second session", () -> server.epoch.get() == 2 && server.isUp());
  }

  @Test
  void aServerWhoseEpochIsNotAboveTheLastIsRefused() throws Exception {
    memory.append(state -> List.of(new JournalEntry.SessionOpened(2, "aa", Samples.GENERATION)));
    connect();

    await("third epoch", () -> server.epoch.get() >= 3 && server.isUp());
    assertEquals(
        List.of(3L),
        server.inventories.stream().map(sent -> sent.getH().getSessionEpoch()).toList());
  }

  @Test
  void queuedEventsAreSentAcknowledgedAndGone() throws Exception {
    queue("before");
    connect();
    awaitUp();
    queue("after");

    await("committed", () -> server.committed.size() == 2);
    await("acknowledged", () -> journal.state().outbox().isEmpty());
    assertEquals("before", server.committed.get(1L).getAgentEvent().getMessage());
    assertEquals("after", server.committed.get(2L).getAgentEvent().getMessage());
    assertEquals(
        Fields.bytes(journal.state().incarnation()), server.batches.getFirst().getIncarnation());
  }

  @Test
  void aStartThatNothingFollowsIsSentAllTheSame() throws Exception {
    journal.append(state ->
        Outbox.queue(
            state,
            Samples.MOMENT,
            new OutboxEvent.OperationStarted(Samples.operation(1), Samples.GENERATION)));
    connect();

    await("acknowledged", () -> journal.state().outbox().isEmpty());
    assertTrue(server.committed.get(1L).hasOperationStarted());
  }

  @Test
  void eventsAreSentAgainAfterALostAnswer() throws Exception {
    server.loseNextAnswer = true;
    queue("once");
    connect();

    await("acknowledged", () -> journal.state().outbox().isEmpty());
    assertEquals(2, server.batches.size());
    assertEquals(server.batches.get(0).getEventsList(), server.batches.get(1).getEventsList());
    assertTrue(server.epoch.get() >= 2, "in a new session");
  }

  @Test
  void whatTheInventorysAnswerHoldsIsNotSentAgain() throws Exception {
    queue("one");
    queue("two");
    server.inventoryAnswer = InventoryResponse.newBuilder().setCommittedNumber(1).build();
    connect();

    await("acknowledged", () -> journal.state().outbox().isEmpty());
    assertEquals(List.of(2L), List.copyOf(server.committed.keySet()));
  }

  @Test
  void aRejectedEventDoesNotBlockTheNext() throws Exception {
    server.rejectNumber = 1;
    queue("bad");
    queue("good");
    connect();

    await("acknowledged", () -> journal.state().outbox().isEmpty());
    assertEquals(List.of(2L), List.copyOf(server.committed.keySet()));
  }

  @Test
  void aNewIncarnationIsStartedWhenTheServerIsAhead() throws Exception {
    queue("one");
    UUID before = journal.state().incarnation();
    server.inventoryAnswer = InventoryResponse.newBuilder().setStartNewIncarnation(true).build();
    connect();

    await("acknowledged", () -> journal.state().outbox().isEmpty());
    UUID after = journal.state().incarnation();
    assertTrue(!before.equals(after));
    assertEquals(Fields.bytes(after), server.batches.getFirst().getIncarnation());
    assertEquals(
        List.of(Fields.bytes(before), Fields.bytes(after)),
        server.inventories.stream().map(sent -> sent.getOutbox().getIncarnation()).toList());
    assertEquals(1, server.epoch.get(), "in the same session");
  }

  @Test
  void aMessageThatIsTooLargeEndsTheSessionAndTheNextOneWorks() throws Exception {
    connect();
    awaitUp();

    server.send(
        command(1, 1)
            .setExecScriptOptions(
                ControlResponse.ExecScriptOptions.newBuilder().setExecScript("#".repeat(5 << 20)))
            .build());

    await("second session", () -> server.epoch.get() >= 2);
    assertEquals(List.of(), operations.taken);
  }

  @Test
  void aServerOfAnotherAuthorityIsToldNothing() throws Exception {
    TestAuthority other = new TestAuthority("fleet");
    Link link = connect(other.identity(HOST, FakeServer.FLEET));

    await("refused", () -> link.state() instanceof LinkState.Waiting);
    assertEquals(List.of(), server.calls);
  }

  @Test
  void aRefusedHostSaysSoAndWaitsLong() throws Exception {
    server.registerRefusal = Optional.of(Status.PERMISSION_DENIED.withDescription("revoked"));
    Link link = connect();

    await("refused", () -> link.state() instanceof LinkState.Waiting);
    LinkState.Waiting waiting = assertInstanceOf(LinkState.Waiting.class, link.state());
    assertTrue(waiting.refused());
    assertTrue(waiting.reason().contains("revoked"), waiting::reason);
    assertEquals(Duration.ofSeconds(30), waiting.delay());
  }

  @Test
  void aBusyServerIsAskedAgainWhenItSaid() throws Exception {
    server.registerRefusal = Optional.of(Status.RESOURCE_EXHAUSTED.withDescription("busy"));
    server.registerTrailers.put(Pushback.KEY, "700");
    Link link = connect();

    await("sent away", () -> link.state() instanceof LinkState.Waiting);
    LinkState.Waiting waiting = assertInstanceOf(LinkState.Waiting.class, link.state());
    assertFalse(waiting.refused());
    assertTrue(waiting.delay().toMillis() >= 700, () -> "waits " + waiting.delay());
    assertTrue(waiting.reason().contains("busy"), waiting::reason);
    server.registerRefusal = Optional.empty();
    awaitUp();
  }

  @Test
  void eventsWaitForABusyServerAndTheSessionLivesOn() throws Exception {
    Metadata trailers = new Metadata();
    trailers.put(Pushback.KEY, "50");
    server.eventsRefusal =
        Optional.of(Status.RESOURCE_EXHAUSTED.withDescription("busy").asRuntimeException(trailers));
    connect();
    awaitUp();
    server.send(command(1, 1).clearDigest().build());

    await("sent away twice", () -> server.batches.size() >= 2);
    assertTrue(server.committed.isEmpty());
    server.eventsRefusal = Optional.empty();
    await("a result", () -> !server.committed.isEmpty());
    assertEquals(1, server.epoch.get());
  }

  @Test
  void withoutAReadableJournalOnlyTheConditionIsReported() throws Exception {
    Link link = serverLink(authority.identity(HOST, FakeServer.FLEET)).reporting("damaged");
    links.add(link);
    link.start();

    await("reported", () -> !server.plainEvents.isEmpty());
    assertEquals("damaged", server.plainEvents.getFirst().getAgentError().getErrstr());
    assertEquals("damaged", server.registrations.getFirst().getFactsOrThrow("condition"));
    await("waiting", () -> link.state() instanceof LinkState.Waiting);
    assertEquals(List.of("register"), server.calls);
  }

  @Test
  void aCutDownloadIsResumedFromWhereItEnded() throws Exception {
    ServerLink all = serverLink(authority.identity(HOST, FakeServer.FLEET));
    start(all);
    awaitUp();
    byte[] content = new byte[10_500];
    for (int index = 0; index < content.length; index++) {
      content[index] = (byte) (index * 31);
    }
    server.artifact = content;
    server.cutAfter = 4_000;
    PackageReference reference =
        new PackageReference("filebeat", "1", "cd".repeat(32), content.length);
    Artifacts artifacts = all.artifacts();
    ByteArrayOutputStream target = new ByteArrayOutputStream();

    int tries = 0;
    while (target.size() < content.length) {
      tries++;
      assertTrue(tries < 20, "no progress");
      try {
        artifacts.fetch(reference, target.size(), target);
      } catch (IOException cut) {
        assertTrue(cut.getMessage().contains("cut"), cut::getMessage);
      }
    }

    assertArrayEquals(content, target.toByteArray());
    assertEquals(0, server.downloads.getFirst().getOffset());
    assertTrue(server.downloads.size() > 1);
    assertEquals(1, server.downloads.getFirst().getH().getSessionEpoch());
  }

  @Test
  void anArtifactOfAnotherSizeIsRefused() throws Exception {
    ServerLink all = serverLink(authority.identity(HOST, FakeServer.FLEET));
    start(all);
    awaitUp();
    server.artifact = new byte[500];
    PackageReference reference = new PackageReference("filebeat", "1", "cd".repeat(32), 400);

    assertThrows(
        IOException.class, () -> all.artifacts().fetch(reference, 0, new ByteArrayOutputStream()));
  }

  @Test
  void withoutASessionThereAreNoArtifacts() throws Exception {
    Artifacts artifacts = serverLink(authority.identity(HOST, FakeServer.FLEET)).artifacts();
    assertThrows(
        IOException.class,
        () ->
            artifacts.fetch(
                new PackageReference("a", "1", "cd".repeat(32), 1),
                0,
                new ByteArrayOutputStream()));
  }

  private Link connect() throws Exception {
    return connect(authority.identity(HOST, FakeServer.FLEET));
  }

  private Link connect(Identity identity) throws Exception {
    return start(serverLink(identity));
  }

  private Link start(ServerLink all) {
    Link link = all.sessions(journal, operations, new View(), TestLogs.of(journal, data), changed);
    links.add(link);
    link.start();
    return link;
  }

  private ServerLink serverLink(Identity identity) throws Exception {
    return new ServerLink(
        Channels.USUAL,
        new CurrentIdentity(new IdentityFolder(data), identity, Clock.systemUTC()),
        ServerAddresses.open(data, identity.fleetId(), List.of(server.address())),
        new Metrics().facts("2.0.0"),
        Clock.systemUTC(),
        () -> 0.5,
        FAST,
        RenewalRule.USUAL);
  }

  private void awaitUp() {
    await("up", server::isUp);
  }

  private static void await(String description, Callable<Boolean> condition) {
    Eventually.await(Duration.ofSeconds(5), description, condition);
  }

  private void queue(String message) throws Exception {
    journal.append(state ->
        Outbox.queue(
            state,
            Samples.MOMENT,
            new OutboxEvent.AgentHappened(Samples.AGENT, "exited", message)));
  }

  private static ControlResponse.Builder command(long number, long epoch) {
    return Samples.sent(Samples.taken(number, new Command.Stop(Samples.AGENT)))
        .setSessionEpoch(epoch);
  }

  private static final class View implements HostView {
    @Override
    public ObservedAgent observe(AgentRecord agent) {
      return Samples.observed();
    }

    @Override
    public List<String> conditions() {
      return List.of("a condition");
    }

    @Override
    public Usage usage() {
      return new Usage(0.5, 1, 2, 3, 4, List.of(), List.of(), List.of());
    }
  }
}
