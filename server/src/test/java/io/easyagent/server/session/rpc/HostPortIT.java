package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.AgentReport;
import io.easyagent.protocol.ControlRequest;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.ControlResponse.ControlCmd;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.EnrollRequest;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.OperationResult.Outcome;
import io.easyagent.protocol.SidecarRequestHeader;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.store.Writer;
import io.easyagent.testkit.Eventually;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPortIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int TRIES_AT_ONCE = 8;

  @TempDir private Path folder;
  private CoreServer server;

  @BeforeEach
  void start() {
    server = new CoreServer(folder, 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Host host(FakeHost host) {
    return server.hosts.find(new HostId(host.uuid())).orElseThrow();
  }

  private static Status.Code code(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
  }

  @Test
  void anOperationsWholeLife() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      assertEquals(HostStatus.PENDING, host(host).status());
      FakeHost.Commands commands = host.connect();
      Eventually.await(
          Duration.ofSeconds(5), "online", () -> host(host).status() == HostStatus.ONLINE);
      BatchId batch = server.exec(host, LONG);
      ControlResponse command = commands.next();
      assertEquals(ControlCmd.EXEC_SCRIPT, command.getCmd());
      assertEquals(host.epoch, command.getSessionEpoch());
      assertTrue(command.getTimeLeft().getSeconds() > 290, "time left");
      assertEquals(OperationState.SENT, server.operation(batch).state());
      host.report(host.started(command));
      assertEquals(OperationState.RUNNING, server.operation(batch).state());
      host.report(host.result(command, Outcome.SUCCEEDED, "fine\u001b[31m"));
      Operation ended = server.operation(batch);
      assertEquals(OperationState.SUCCEEDED, ended.state());
      assertEquals("fine [31m", ended.message());
      host.rewind(1);
      host.report(host.result(command, Outcome.FAILED, "again"));
      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
      host.report(host.result(command, Outcome.FAILED, "with a new number"));
      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
    }
  }

  @Test
  void oneMessageHasTheFiguresOfTheHostAndOfItsAgents() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      Eventually.await(
          Duration.ofSeconds(5), "online", () -> host(host).status() == HostStatus.ONLINE);
      UUID agent = UUID.randomUUID();
      host.stub().reportEvent(metrics(host, 0.5f, WireIds.bytes(agent)));
      HostId id = new HostId(host.uuid());
      assertEquals(0.5, server.metrics.find(id).get("cpu"));
      assertEquals(Map.of("cpu", 0.25, "memory", 1e6), server.metrics.find(id, new AgentId(agent)));

      ByteString malformed = ByteString.copyFromUtf8("short");
      assertEquals(
          Status.Code.INVALID_ARGUMENT,
          code(() -> host.stub().reportEvent(metrics(host, 0.75f, malformed))));
      assertEquals(0.5, server.metrics.find(id).get("cpu"), "nothing of it was taken");
    }
  }

  private static Event metrics(FakeHost host, float cpu, ByteString agent) {
    return Event.newBuilder()
        .setH(host.header())
        .setOsResourceUsages(
            Event.OsResourceUsages.newBuilder()
                .setCpuUsage(cpu)
                .addAgents(
                    Event.ProcessResourceUsages.newBuilder()
                        .setAgentId(agent)
                        .setCpuUsage(0.25f)
                        .setMemory(1_000_000)))
        .build();
  }

  @Test
  void whatTheHostNeverTookIsSentAgainUnderTheSameId() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands first = host.connect();
      BatchId batch = server.exec(host, LONG);
      ControlResponse lost = first.next();
      host.cut();
      FakeHost.Commands second = host.connect();
      ControlResponse again = second.next();
      assertEquals(lost.getOperationId(), again.getOperationId());
      assertEquals(lost.getDigest(), again.getDigest());
      assertNotEquals(lost.getSessionEpoch(), again.getSessionEpoch());
      host.report(host.started(again));
      host.cut();
      FakeHost.Commands third = host.connect(FakeHost.known(again));
      host.report(host.result(again, Outcome.SUCCEEDED, ""));
      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
      assertTrue(third.isEmpty());
    }
  }

  @Test
  void whatRanAndIsUnknownToTheHostIsInterrupted() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      BatchId batch = server.exec(host, LONG);
      host.report(host.started(commands.next()));
      host.cut();
      host.connect();
      Operation ended = server.operation(batch);
      assertEquals(OperationState.INTERRUPTED, ended.state());
      assertTrue(ended.message().contains("may have run"), ended.message());
    }
  }

  @Test
  void onlyQueuedExpires() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      BatchId queued = server.exec(host, Duration.ofSeconds(1));
      server.awaitState(queued, OperationState.EXPIRED);
      FakeHost.Commands commands = host.connect();
      BatchId sent = server.exec(host, Duration.ofSeconds(1));
      ControlResponse command = commands.next();
      BatchId later = server.exec(host, Optional.empty(), Duration.ofSeconds(1));
      commands.next();
      Eventually.await(
          Duration.ofSeconds(10),
          "deadline over",
          () ->
              server.operation(later).deadline().isBefore(java.time.Instant.now().minusSeconds(2)));
      assertEquals(OperationState.SENT, server.operation(sent).state());
      host.report(host.result(command, Outcome.EXPIRED, "too late"));
      assertEquals(OperationState.EXPIRED, server.operation(sent).state());
    }
  }

  @Test
  void oneAgentsOperationsRunOneAfterAnotherAndAgentsDoNotWait() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      install(host, "one");
      install(host, "two");
      ControlResponse one = commands.next();
      ControlResponse two = commands.next();
      assertEquals("one", one.getInstallAgentOptions().getDefinition().getName());
      assertEquals("two", two.getInstallAgentOptions().getDefinition().getName());
      BatchId start =
          server.accepted(host, OperationKind.START, Optional.of("one"), LONG, new Command.Start());
      host.report(host.result(two, Outcome.SUCCEEDED, ""));
      assertEquals(OperationState.QUEUED, server.operation(start).state());
      host.report(host.result(one, Outcome.SUCCEEDED, ""));
      ControlResponse next = commands.next();
      assertEquals(ControlCmd.START_AGENT, next.getCmd());
      assertEquals(
          one.getInstallAgentOptions().getAgentId(), next.getStartAgentOptions().getAgentId());
    }
  }

  @Test
  void aFailedInstallLeavesNoAgentAndAnUninstallRemovesIt() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      install(host, "filebeat");
      host.report(host.result(commands.next(), Outcome.FAILED, "no room"));
      HostId id = new HostId(host.uuid());
      assertTrue(server.agents.find(id, "filebeat").isEmpty());
      install(host, "filebeat");
      ControlResponse install = commands.next();
      ByteString agent = install.getInstallAgentOptions().getAgentId();
      host.report(
          Event.newBuilder()
              .setAgentReport(
                  AgentReport.newBuilder().setAgentId(agent).setName("filebeat").setRevision(1))
              .build(),
          host.result(install, Outcome.SUCCEEDED, ""));
      assertFalse(server.agents.find(id, "filebeat").orElseThrow().drift());
      BatchId uninstall =
          server.accepted(
              host,
              OperationKind.UNINSTALL,
              Optional.of("filebeat"),
              LONG,
              new Command.Uninstall(false));
      host.report(host.result(commands.next(), Outcome.SUCCEEDED, ""));
      assertEquals(OperationState.SUCCEEDED, server.operation(uninstall).state());
      assertTrue(server.agents.find(id, "filebeat").isEmpty());
    }
  }

  private void install(FakeHost host, String name) {
    DefinitionText definition =
        new StoredDefinition(
                DefinitionTexts.requireValid(
                    "{\"name\": \""
                        + name
                        + "\", \"type\": \"service\", \"user\": \"root\","
                        + " \"command\": [\"/bin/sleep\", \"1\"]}"),
                Optional.empty())
            .text();
    server.accepted(
        host,
        OperationKind.INSTALL,
        Optional.of(name),
        LONG,
        new Command.Install(definition, false));
  }

  @Test
  void cancelIsSaidAgainAfterAReconnect() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands first = host.connect();
      BatchId batch = server.exec(host, LONG);
      ControlResponse command = first.next();
      host.report(host.started(command));
      server.operations.cancelBatch(batch, Writer.Action.NOTHING);
      assertEquals(ControlCmd.CANCEL_OPERATION, first.next().getCmd());
      assertEquals(OperationState.RUNNING, server.operation(batch).state());
      host.cut();
      FakeHost.Commands second = host.connect(FakeHost.known(command));
      ControlResponse cancel = second.next();
      assertEquals(command.getOperationId(), cancel.getCancelOperationOptions().getOperationId());
      host.report(host.result(command, Outcome.CANCELLED, ""));
      assertEquals(OperationState.CANCELLED, server.operation(batch).state());
    }
  }

  @Test
  void anEarlierSessionCanDoNothing() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands first = host.connect();
      long earlier = host.epoch;
      BatchId batch = server.exec(host, LONG);
      ControlResponse command = first.next();
      host.connect(FakeHost.known(command));
      assertEquals(Status.Code.ABORTED, first.end(5).getCode());
      long latest = host.epoch;
      host.epoch = earlier;
      assertEquals(
          Status.Code.FAILED_PRECONDITION,
          code(() -> host.report(host.result(command, Outcome.FAILED, ""))));
      assertEquals(Status.Code.FAILED_PRECONDITION, code(host::inventory));
      assertEquals(Status.Code.FAILED_PRECONDITION, host.open().end(5).getCode());
      assertEquals(OperationState.SENT, server.operation(batch).state());
      host.epoch = latest;
      host.rewind(1);
      host.report(host.result(command, Outcome.SUCCEEDED, ""));
      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
    }
  }

  @Test
  void noCommandBeforeTheInventory() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      server.exec(host, LONG);
      host.register();
      assertEquals(Status.Code.FAILED_PRECONDITION, host.open().end(5).getCode());
    }
  }

  @Test
  void aBadEventIsRejectedAloneAndBlocksNothing() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      BatchId batch = server.exec(host, LONG);
      ControlResponse command = commands.next();
      ControlResponse stranger =
          command.toBuilder().setOperationId(WireIds.bytes(UUID.randomUUID())).build();
      var answer =
          host.report(
              host.result(stranger, Outcome.SUCCEEDED, ""),
              Event.getDefaultInstance(),
              host.result(command, Outcome.SUCCEEDED, ""));
      assertEquals(3, answer.getCommittedNumber());
      assertEquals(2, answer.getRejectedCount());
      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
    }
  }

  @Test
  void aCopyOfAHostIsFound() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost copy = host.copy("another machine")) {
      host.connect();
      host.cut();
      FakeHost.Commands commands = host.connect();
      host.cut();
      host.connect();
      assertEquals(Status.Code.FAILED_PRECONDITION, code(copy::register));
      assertEquals(HostStatus.CONFLICTED, host(host).status());
      assertTrue(host(host).conditions().toString().contains("another machine"));
      assertEquals(Status.Code.FAILED_PRECONDITION, code(host::register));
      String kept = host(host).copies().getFirst().id();
      server.decisions.resolve(new HostId(host.uuid()), kept, Writer.Action.NOTHING);
      host.connect();
      assertEquals(HostStatus.ONLINE, awaitOnline(host));
      assertFalse(commands == null);
    }
  }

  @Test
  void aSidecarThatOnlyReportsAConditionGetsNoCommandsAndIsNoCopy() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      awaitOnline(host);
      host.cut();
      Eventually.await(
          Duration.ofSeconds(5), "offline", () -> host(host).status() == HostStatus.OFFLINE);
      BatchId waiting = server.exec(host, LONG);
      long epoch = host.epoch;

      var answer = host.reportCondition("journal: record 17 is damaged");

      assertEquals(0, answer.getSessionEpoch());
      assertTrue(answer.getNonce().isEmpty());
      assertEquals(HostStatus.OFFLINE, host(host).status());
      assertEquals(
          "[the sidecar takes no commands: journal: record 17 is damaged]",
          host(host).conditions().toString());
      assertFalse(host(host).facts().containsKey("condition"));
      host.epoch = 0;
      assertEquals(Status.Code.FAILED_PRECONDITION, host.open().end(5).getCode());
      assertEquals(Status.Code.FAILED_PRECONDITION, code(host::inventory));
      assertEquals(OperationState.QUEUED, server.operation(waiting).state());

      host.epoch = epoch;
      FakeHost.Commands commands = host.connect();
      host.report(host.result(commands.next(), Outcome.SUCCEEDED, ""));
      assertEquals(OperationState.SUCCEEDED, server.operation(waiting).state());
      assertTrue(host(host).conditions().isEmpty(), "the inventory says how it is");
    }
  }

  @Test
  void aConditionEndsNoOpenSession() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost copy = host.copy("another machine")) {
      FakeHost.Commands commands = host.connect();
      awaitOnline(host);
      copy.reportCondition("journal: gone");
      server.exec(host, LONG);
      commands.next();
      assertEquals(HostStatus.ONLINE, host(host).status());
    }
  }

  @Test
  void aHostWithoutASessionGetsNoStream() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      server.exec(host, LONG);
      assertEquals(Status.Code.FAILED_PRECONDITION, host.open().end(5).getCode());
      assertEquals(Status.Code.FAILED_PRECONDITION, code(host::inventory));
      assertEquals(HostStatus.PENDING, host(host).status());
    }
  }

  private HostStatus awaitOnline(FakeHost host) {
    Eventually.await(
        Duration.ofSeconds(5), "online", () -> host(host).status() == HostStatus.ONLINE);
    return host(host).status();
  }

  @Test
  void theAnswerThatCarriedTheNonceMayBeLost() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost before = host.copy("machine")) {
      host.register();
      before.register();
      assertEquals(2, before.epoch);
      assertNotEquals(HostStatus.CONFLICTED, host(host).status());
    }
  }

  @Test
  void callsThatOvertakeEachOtherMakeNoCopyOfTheHost() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost heldUp = host.copy("machine")) {
      host.register();
      heldUp.register();
      host.register();
      host.inventory();
      assertEquals(3, host.epoch);
      assertNotEquals(HostStatus.CONFLICTED, host(host).status());
    }
  }

  @Test
  void everyCallButEnrolmentNeedsTheHostsOwnCertificate() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost other = server.enrol("web-2")) {
      ManagedChannel open = FakeHost.anonymous(server.port());
      try {
        var stub = EasyAgentServiceGrpc.newBlockingStub(open);
        assertEquals(
            Status.Code.UNAUTHENTICATED, code(() -> stub.reportEvent(Event.getDefaultInstance())));
        assertEquals(
            Status.Code.UNAUTHENTICATED,
            code(() -> stub.readyForControl(ControlRequest.getDefaultInstance()).next()));
      } finally {
        open.shutdownNow();
      }
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  other
                      .stub()
                      .reportEvent(
                          Event.newBuilder()
                              .setH(SidecarRequestHeader.newBuilder().setId(host.id))
                              .build()));
      assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
      assertTrue(
          refused.getStatus().getDescription().contains("used with the certificate of host"),
          refused.getMessage());
    }
  }

  @Test
  void aTokenIsUsedUp() throws Exception {
    String token = server.token(1);
    FakeHost.enrol(server.port(), token, "web-1").close();
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> FakeHost.enrol(server.port(), token, "web-2"));
    assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
    assertThrows(
        StatusRuntimeException.class, () -> FakeHost.enrol(server.port(), "eae_wrong", "web-2"));
    assertEquals(1, server.hosts.all().size());
  }

  @Test
  void whoDidNotHearTheAnswerAsksAgainAndIsTheSameHost() throws Exception {
    String token = server.token(1);
    KeyPair keys = FakeHost.newKeys();
    try (FakeHost unheard = FakeHost.enrol(server.port(), token, "web-1", keys);
        FakeHost again = FakeHost.enrol(server.port(), token, "web-1", keys)) {
      assertEquals(unheard.id, again.id);
      assertEquals(1, server.hosts.all().size());
      assertEquals(Status.Code.PERMISSION_DENIED, refusedEnrolment(token, FakeHost.newKeys()));
      again.connect();

      // Who has been here enrols anew with a key of its own, whatever a token is worth.
      assertEquals(Status.Code.INVALID_ARGUMENT, refusedEnrolment(token, keys));
      FakeHost other = FakeHost.enrol(server.port(), server.token(1), "web-1", keys);
      other.close();
      assertNotEquals(again.id, other.id);
      assertEquals(2, server.hosts.all().size());
    }
  }

  @Test
  void theCertificateOfAnAnswerThatCameLateIsGoodUntilAnotherIsUsed() throws Exception {
    String token = server.token(1);
    KeyPair keys = FakeHost.newKeys();
    try (FakeHost late = FakeHost.enrol(server.port(), token, "web-1", keys);
        FakeHost again = FakeHost.enrol(server.port(), token, "web-1", keys)) {
      late.connect();
      assertEquals(late.id, again.id);
    }
  }

  private Status.Code refusedEnrolment(String token, KeyPair keys) {
    return assertThrows(
            StatusRuntimeException.class, () -> FakeHost.enrol(server.port(), token, "web-1", keys))
        .getStatus()
        .getCode();
  }

  @Test
  void whoAsksSeveralTimesAtOnceIsOneHost() throws Exception {
    String token = server.token(2);
    KeyPair keys = FakeHost.newKeys();
    Set<ByteString> ids = ConcurrentHashMap.newKeySet();
    try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> tries = new ArrayList<>();
      for (int number = 0; number < TRIES_AT_ONCE; number++) {
        tries.add(
            asking.submit(() -> {
              try (FakeHost host = FakeHost.enrol(server.port(), token, "web-1", keys)) {
                return ids.add(host.id);
              }
            }));
      }
      for (Future<?> each : tries) {
        each.get();
      }
    }
    assertEquals(1, ids.size());
    assertEquals(1, server.hosts.all().size());
    FakeHost.enrol(server.port(), token, "web-2").close();
    assertEquals(Status.Code.PERMISSION_DENIED, refusedEnrolment(token, FakeHost.newKeys()));
  }

  @Test
  void aRequestWithoutProofOfItsKeyIsRefusedAndTakesNoUse() throws Exception {
    String token = server.token(1);
    ManagedChannel open = FakeHost.anonymous(server.port());
    try {
      byte[] request = FakeHost.request(FakeHost.newKeys()).toByteArray();
      request[request.length - 1] ^= 1;
      assertEquals(
          Status.Code.INVALID_ARGUMENT,
          code(() ->
              EasyAgentServiceGrpc.newBlockingStub(open)
                  .enroll(
                      EnrollRequest.newBuilder()
                          .setToken(token)
                          .setCertificateRequest(ByteString.copyFrom(request))
                          .build())));
    } finally {
      open.shutdownNow();
    }
    FakeHost.enrol(server.port(), token, "web-1").close();
  }

  @Test
  void noMoreHostsEnrolThanThereMayBeAndThoseThatAreThereGoOn() throws Exception {
    HostId silent = server.fillUp();
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      String token = server.token(1);

      Status refused =
          assertThrows(
                  StatusRuntimeException.class, () -> FakeHost.enrol(server.port(), token, "web-2"))
              .getStatus();

      assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getCode());
      assertEquals(
          "too-many-requests: this server has 50 hosts (expected: fewer than 50, maxHosts of its"
              + " server.yaml; remove hosts that are gone, or raise it)",
          refused.getDescription());
      server.exec(host, LONG);
      commands.next();
      server.hosts.remove(silent, Writer.Action.NOTHING);
      FakeHost.enrol(server.port(), token, "web-2").close();
    }
  }

  @Test
  void anOversizedMessageIsRefused() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      Event huge =
          Event.newBuilder()
              .setH(host.header())
              .setAgentError(Event.AgentError.newBuilder().setErrstr("x".repeat(5 << 20)))
              .build();
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, code(() -> host.stub().reportEvent(huge)));
      assertEquals(
          Status.Code.UNKNOWN,
          code(() -> host.stub().withCompression("gzip").reportEvent(huge)),
          "5 KiB on the wire, of which gRPC says no more than that it failed");
      assertEquals(HostStatus.ONLINE, awaitOnline(host));
    }
  }

  /** A stack overflow would be the server's end on that thread, the event loop. */
  @Test
  void aDeeplyNestedMessageIsRefused() throws Exception {
    // Groups of an unknown field, 15, each in the one before it: tag and wire type in one byte.
    byte[] groups = new byte[1 << 20];
    Arrays.fill(groups, 0, groups.length / 2, (byte) (15 << 3 | 3));
    Arrays.fill(groups, groups.length / 2, groups.length, (byte) (15 << 3 | 4));
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();

      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  ClientCalls.blockingUnaryCall(
                      host.stub().getChannel(),
                      EasyAgentServiceGrpc.getReportEventMethod().toBuilder(
                              new Bytes(), new Bytes())
                          .build(),
                      CallOptions.DEFAULT,
                      groups));

      assertEquals(Status.Code.UNKNOWN, refused.getStatus().getCode(), refused::toString);
      assertEquals(HostStatus.ONLINE, awaitOnline(host));
    }
  }

  /** Messages as they are on the wire. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }
  }

  @Test
  void aRemovedHostsStreamEndsWithinASecondAndItsOperationsEnd() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      BatchId sent = server.exec(host, LONG);
      commands.next();
      install(host, "one");
      commands.next();
      BatchId queued =
          server.accepted(host, OperationKind.START, Optional.of("one"), LONG, new Command.Start());
      assertTrue(server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING));
      assertEquals(Status.Code.PERMISSION_DENIED, commands.end(1).getCode());
      assertEquals(OperationState.INTERRUPTED, server.operation(sent).state());
      assertEquals(OperationState.CANCELLED, server.operation(queued).state());
      assertEquals("the host was removed", server.operation(queued).message());
      assertEquals(Status.Code.PERMISSION_DENIED, code(host::register));
    }
  }

  @Test
  void agentsThatTheServerDoesNotKnowAreAdopted() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.register();
      UUID agent = UUID.randomUUID();
      DefinitionText definition = holds(host, agent);
      var adopted = server.agents.find(new AgentId(agent)).orElseThrow();
      assertEquals(definition, adopted.definition());
      assertEquals(3, adopted.revision());
      assertFalse(adopted.drift());
    }
  }

  @Test
  void whatAHostSaysOfAnAgentThatItDefinesItselfHolds() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.register();
      UUID agent = UUID.fromString("01890000-0000-8000-8000-000000000001");
      holds(host, agent);
      DefinitionText changed = holds(host, agent, 4, "2");
      var known = server.agents.find(new AgentId(agent)).orElseThrow();
      assertEquals(changed, known.definition());
      assertEquals(4, known.revision());
      assertFalse(known.drift());
      UUID servers = UUID.randomUUID();
      DefinitionText ours = holds(host, servers);
      holds(host, servers, 4, "2");
      assertEquals(ours, server.agents.find(new AgentId(servers)).orElseThrow().definition());
    }
  }

  @Test
  void anAgentThatTheHostHasPutInAnothersPlaceIsAdoptedInItsPlace() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.register();
      UUID before = UUID.randomUUID();
      UUID after = UUID.randomUUID();
      holds(host, before);
      holds(host, after);
      assertTrue(server.agents.find(new AgentId(before)).isEmpty());
      assertEquals("old", server.agents.find(new AgentId(after)).orElseThrow().name());
    }
  }

  /** The host says that it has this agent and no other; the agent's definition. */
  private static DefinitionText holds(FakeHost host, UUID agent) throws Exception {
    return holds(host, agent, 3, "1");
  }

  private static DefinitionText holds(FakeHost host, UUID agent, long revision, String argument)
      throws Exception {
    DefinitionText definition =
        new StoredDefinition(
                DefinitionTexts.requireValid(
                    "{\"name\": \"old\", \"type\": \"service\", \"user\": \"root\","
                        + " \"command\": [\"/bin/sleep\", \""
                        + argument
                        + "\"]}"),
                Optional.empty())
            .text();
    host.stub()
        .reportInventory(
            io.easyagent.protocol.Inventory.newBuilder()
                .setH(host.header())
                .addAgents(
                    AgentReport.newBuilder()
                        .setAgentId(WireIds.bytes(agent))
                        .setName("old")
                        .setRevision(revision)
                        .setDefinition(CommandCodec.definition(StoredDefinition.of(definition))))
                .build());
    return definition;
  }
}
