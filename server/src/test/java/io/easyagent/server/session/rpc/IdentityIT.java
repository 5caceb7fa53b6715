package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.OperationResult.Outcome;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostCopy.Standing;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Writer;
import io.easyagent.testkit.Eventually;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is a host: copies, restored disks, restored servers, forged messages. */
class IdentityIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private CoreServer server;

  @BeforeEach
  void start() {
    server = new CoreServer(folder.resolve("data"), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Host host(FakeHost host) {
    return server.hosts.find(new HostId(host.uuid())).orElseThrow();
  }

  private void await(FakeHost host, HostStatus status) {
    Eventually.await(SOON, "host " + status, () -> host(host).status() == status);
  }

  private static Status refusal(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run).getStatus();
  }

  private List<String> copies(FakeHost host) {
    return host(host).copies().stream().map(HostCopy::machineId).toList();
  }

  private void keep(FakeHost host, String copy) {
    server.decisions.resolve(new HostId(host.uuid()), copy, Writer.Action.NOTHING);
  }

  /** A host and a copy of its disk from before its last session, both found. */
  private void conflict(FakeHost host, FakeHost stale) {
    assertEquals(Status.Code.FAILED_PRECONDITION, refusal(stale::register).getCode());
    assertEquals(HostStatus.CONFLICTED, host(host).status());
  }

  @Test
  void aCopyThatTakesOverALiveSessionIsFoundBeforeACommandGoesToEither() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      await(host, HostStatus.ONLINE);
      try (FakeHost copy = host.anotherLife()) {
        FakeHost.Commands toTheCopy = copy.connect();
        await(host, HostStatus.OFFLINE);
        BatchId batch = server.exec(host, LONG);

        Status told = refusal(host::register);

        assertEquals(Status.Code.FAILED_PRECONDITION, told.getCode());
        assertTrue(told.getDescription().contains("easyagent host resolve"), told.toString());
        assertTrue(told.getDescription().contains("easyagent-sidecar reset"), told.toString());
        assertEquals(Status.Code.FAILED_PRECONDITION, toTheCopy.end(SOON.toSeconds()).getCode());
        assertTrue(toTheCopy.isEmpty());
        assertEquals(OperationState.QUEUED, server.operation(batch).state());
        assertEquals(HostStatus.CONFLICTED, host(host).status());
        assertEquals(2, host(host).copies().size());
        for (int turn = 0; turn < 3; turn++) {
          assertEquals(Status.Code.FAILED_PRECONDITION, refusal(copy::register).getCode());
          assertEquals(Status.Code.FAILED_PRECONDITION, refusal(host::register).getCode());
        }
        assertEquals(2, host(host).copies().size(), "they come again as the same ones");
        assertEquals(OperationState.QUEUED, server.operation(batch).state());
      }
    }
  }

  @Test
  void aMachineThatCrashedWithoutAWordIsBackAfterAMoment() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      await(host, HostStatus.ONLINE);
      try (FakeHost booted = host.anotherLife()) {
        FakeHost.Commands commands = booted.connect();
        await(booted, HostStatus.ONLINE);
        server.exec(booted, LONG);
        commands.next();
      }
    }
  }

  @Test
  void theMachineThatKeepsTheIdentityGoesOnAndTheOtherStaysRefused() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost copy = host.copy("another machine")) {
      FakeHost.Commands first = host.connect();
      BatchId batch = server.exec(host, LONG);
      ControlResponse sent = first.next();
      conflict(host, copy);
      assertEquals(List.of("machine", "another machine"), copies(host));

      keep(host, "machine");

      FakeHost.Commands again = host.connect(FakeHost.known(sent));
      await(host, HostStatus.ONLINE);
      host.report(host.result(sent, Outcome.SUCCEEDED, ""));
      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
      for (int turn = 0; turn < 3; turn++) {
        Status told = refusal(copy::register);
        assertEquals(Status.Code.PERMISSION_DENIED, told.getCode());
        assertTrue(told.getDescription().contains("easyagent-sidecar reset"), told.toString());
      }
      assertEquals(HostStatus.ONLINE, host(host).status(), "no new conflict");
      assertEquals(Standing.REFUSED, host(host).copies().getFirst().standing());
      assertTrue(again.isEmpty());
    }
  }

  @Test
  void aRestoredDiskLosesNothingAndRunsNothingTwice() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands before = host.connect();
      BatchId kept = server.exec(host, LONG);
      ControlResponse known = before.next();
      host.report(host.started(known));
      FakeHost restored = host.anotherLife();
      host.cut();
      FakeHost.Commands after = host.connect(FakeHost.known(known));
      BatchId lost = server.exec(host, LONG);
      BatchId running = server.exec(host, LONG);
      host.report(host.started(after.next()));
      after.next();
      host.cut();
      await(host, HostStatus.OFFLINE);
      BatchId queued = server.exec(host, LONG);
      conflict(host, restored);

      keep(host, host(host).copies().getLast().id());

      FakeHost.Commands commands = restored.connect(FakeHost.known(known));
      assertEquals(OperationState.INTERRUPTED, server.operation(lost).state());
      assertTrue(server.operation(lost).message().contains("may have run"));
      assertEquals(OperationState.INTERRUPTED, server.operation(running).state());
      assertEquals(OperationState.RUNNING, server.operation(kept).state(), "it has that one");
      ControlResponse next = commands.next();
      assertEquals(
          server.operation(queued).id().value(), WireIds.uuid(next.getOperationId(), "id"));
      restored.report(
          restored.result(known, Outcome.SUCCEEDED, ""),
          restored.result(next, Outcome.SUCCEEDED, ""));
      assertEquals(OperationState.SUCCEEDED, server.operation(kept).state());
      assertEquals(OperationState.SUCCEEDED, server.operation(queued).state());
      assertTrue(commands.isEmpty());
      restored.close();
    }
  }

  @Test
  void eventsOfARestoredDiskAreTakenThoughTheirNumbersWereTaken() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      FakeHost restored = host.anotherLife();
      host.cut();
      commands = host.connect();
      BatchId batch = server.exec(host, LONG);
      ControlResponse command = commands.next();
      host.report(host.started(command), gap(), gap(), gap());
      host.cut();
      conflict(host, restored);
      keep(host, host(host).copies().getLast().id());
      restored.connect(FakeHost.known(command));

      restored.report(restored.result(command, Outcome.SUCCEEDED, ""));

      assertEquals(OperationState.SUCCEEDED, server.operation(batch).state());
      restored.close();
    }
  }

  private static Event gap() {
    return Event.newBuilder().setGap(io.easyagent.protocol.Gap.newBuilder().setDropped(1)).build();
  }

  @Test
  void aDecisionNamesOneCopyOfAConflictedHost() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost copy = host.copy("another machine")) {
      host.connect();
      assertEquals(ErrorCode.CONFLICT, decision(host, "machine"));
      conflict(host, copy);
      assertEquals(ErrorCode.AMBIGUOUS, decision(host, "127.0.0.1"));
      assertEquals(ErrorCode.NOT_FOUND, decision(host, "10.0.0.1"));
      assertEquals(ErrorCode.NOT_FOUND, decision(host, ""));
      assertEquals(ErrorCode.NOT_FOUND, decision(host, "ano"), "too short for a prefix");
      keep(host, "another");
      assertEquals(ErrorCode.CONFLICT, decision(host, "machine"));
      copy.connect();
      assertEquals(Status.Code.PERMISSION_DENIED, refusal(host::register).getCode());
    }
  }

  private ErrorCode decision(FakeHost host, String copy) {
    return assertThrows(RefusedException.class, () -> keep(host, copy)).refusal().code();
  }

  @Test
  void aReplayedRegistrationGetsNoCommandsAndIsSeen() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost replay = host.copy("machine")) {
      host.connect();
      assertEquals(Status.Code.FAILED_PRECONDITION, refusal(replay::register).getCode());
      replay.epoch = host.epoch;
      assertEquals(Status.Code.FAILED_PRECONDITION, refusal(replay::inventory).getCode());
      assertEquals(Status.Code.FAILED_PRECONDITION, replay.open().end(5).getCode());
      assertEquals(HostStatus.CONFLICTED, host(host).status());
    }
  }

  @Test
  void whatAHostSaysOfItselfIsBoundedAndClean() throws Exception {
    String hostile = "\u001b]0;owned\u0007\r\n\u202e" + "m".repeat(100_000);
    try (FakeHost host = server.enrol(hostile);
        FakeHost copy = host.copy(hostile)) {
      host.connect();
      copy.hostName = hostile;
      conflict(host, copy);

      Host shown = host(host);
      assertTrue(shown.name().length() <= HostText.WORD, shown.name());
      for (String text :
          List.of(
              shown.name(),
              shown.copies().toString(),
              shown.conditions().toString(),
              shown.facts().toString())) {
        assertEquals(text.replaceAll("[\\p{Cntrl}\\p{Cf}]", ""), text);
      }
      assertTrue(shown.copies().getLast().machineId().length() <= HostText.WORD);
      copy.instance = WireIds.bytes("ab".repeat(17));
      assertEquals(Status.Code.INVALID_ARGUMENT, refusal(copy::register).getCode());
    }
  }

  /** The server's store, as a backup of this moment would bring it back: in a new generation. */
  private void restoreTo(Path backup) throws Exception {
    int port = server.port();
    server.close();
    Path store = folder.resolve("data").resolve("server.db");
    Files.copy(backup, store, StandardCopyOption.REPLACE_EXISTING);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
        var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE server_state SET value = 'abcdef' WHERE name = 'generation'");
    }
    server = new CoreServer(folder.resolve("data"), port);
  }

  private Path backup() throws Exception {
    int port = server.port();
    server.close();
    Path copy = folder.resolve("backup.db");
    Files.copy(folder.resolve("data").resolve("server.db"), copy);
    server = new CoreServer(folder.resolve("data"), port);
    return copy;
  }

  @Test
  void aHostThatEnrolledAfterTheBackupIsPendingUntilItIsApproved() throws Exception {
    Path backup = backup();
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      await(host, HostStatus.ONLINE);
      restoreTo(backup);
      host.cut();

      for (int turn = 0; turn < 2; turn++) {
        Status told = refusal(host::register);
        assertEquals(Status.Code.FAILED_PRECONDITION, told.getCode());
        assertTrue(told.getDescription().contains("easyagent host approve"), told.toString());
      }
      assertEquals(HostStatus.PENDING, host(host).status());
      assertTrue(host(host).conditions().getFirst().contains("127.0.0.1"));
      assertTrue(host(host).labels().isEmpty(), "labels are given by operators");
      assertEquals(Status.Code.PERMISSION_DENIED, refusal(host::inventory).getCode());
      assertEquals(Status.Code.PERMISSION_DENIED, host.open().end(5).getCode());

      server.decisions.approve(new HostId(host.uuid()), Writer.Action.NOTHING);

      FakeHost.Commands commands = host.connect();
      await(host, HostStatus.ONLINE);
      assertEquals(
          ErrorCode.CONFLICT,
          assertThrows(
                  RefusedException.class,
                  () -> server.decisions.approve(new HostId(host.uuid()), Writer.Action.NOTHING))
              .refusal()
              .code());
      server.exec(host, LONG);
      commands.next();
      server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING);
      assertEquals(Status.Code.PERMISSION_DENIED, commands.end(5).getCode());
      assertEquals(Status.Code.PERMISSION_DENIED, refusal(host::register).getCode());
    }
  }

  @Test
  void aPendingHostThatIsRemovedStaysOut() throws Exception {
    Path backup = backup();
    try (FakeHost host = server.enrol("web-1")) {
      restoreTo(backup);
      host.cut();
      refusal(host::register);
      server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING);
      assertEquals(Status.Code.PERMISSION_DENIED, refusal(host::register).getCode());
      assertTrue(server.hosts.find(new HostId(host.uuid())).isEmpty());
    }
  }

  @Test
  void aRestoredServerTakesItsHostsBackAndSendsNothingThatMayHaveRun() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      await(host, HostStatus.ONLINE);
      host.cut();
      await(host, HostStatus.OFFLINE);
      BatchId batch = server.exec(host, LONG);
      Path backup = backup();
      FakeHost.Commands commands = host.connect();
      ControlResponse command = commands.next();
      host.report(host.started(command));
      Event result = host.result(command, Outcome.SUCCEEDED, "");
      restoreTo(backup);
      assertEquals(OperationState.INTERRUPTED, server.operation(batch).state());
      host.cut();
      FakeHost copy = host.anotherLife();

      FakeHost.Commands again = host.connect(FakeHost.known(command));
      await(host, HostStatus.ONLINE);
      var answer = host.report(result);

      assertEquals(1, answer.getRejectedCount(), "an answer to another history");
      assertTrue(answer.getRejected(0).getReason().contains("generation"));
      assertEquals(OperationState.INTERRUPTED, server.operation(batch).state());
      assertTrue(again.isEmpty());
      assertEquals(Status.Code.FAILED_PRECONDITION, refusal(copy::register).getCode());
      assertEquals(HostStatus.CONFLICTED, host(host).status(), "a copy is found as ever");
      copy.close();
      assertFalse(host(host).copies().isEmpty());
    }
  }

  @Test
  void aHostThatShowsItsOldKeyStaysItselfWithANewCertificate() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      await(host, HostStatus.ONLINE);
      try (FakeHost again = host.enrolAgain(server.token(1), host.keys())) {
        assertEquals(host.uuid(), again.uuid());
        assertEquals("web-1", host(again).name(), "labels and name are the operators'");
        host.cut();
        again.connect();
        await(again, HostStatus.ONLINE);
      }
    }
  }

  @Test
  void whoCannotShowTheOldKeyIsANewHost() throws Exception {
    try (FakeHost host = server.enrol("web-1");
        FakeHost copy = host.copy("another machine")) {
      host.connect();
      FakeHost thief = host.enrolAgain(server.token(1), FakeHost.newKeys());
      assertFalse(thief.uuid().equals(host.uuid()), "a certificate is no secret, its key is");
      conflict(host, copy);
      FakeHost fresh = copy.enrolAgain(server.token(1), host.keys());
      assertFalse(fresh.uuid().equals(host.uuid()), "while it is conflicted nobody is the host");
      keep(host, "another");
      server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING);
      FakeHost removed = host.enrolAgain(server.token(1), host.keys());
      assertFalse(removed.uuid().equals(host.uuid()), "a removed host does not come back");
      thief.close();
      fresh.close();
      removed.close();
    }
  }

  @Test
  void anEphemeralHostLeavesAndItsOperationsEnd() throws Exception {
    try (FakeHost host = FakeHost.enrol(server.port(), server.token(1, true), "short");
        FakeHost lasting = server.enrol("web-1")) {
      assertTrue(host.ephemeral);
      FakeHost.Commands commands = host.connect();
      BatchId batch = server.exec(host, LONG);
      commands.next();
      lasting.connect();
      assertEquals(Status.Code.PERMISSION_DENIED, refusal(lasting::leave).getCode());
      long epoch = host.epoch;
      host.epoch = epoch - 1;
      assertEquals(Status.Code.FAILED_PRECONDITION, refusal(host::leave).getCode(), "replayed");
      host.epoch = epoch;

      host.leave();

      assertTrue(server.hosts.find(new HostId(host.uuid())).isEmpty());
      assertEquals(OperationState.INTERRUPTED, server.operation(batch).state());
      assertEquals(Status.Code.PERMISSION_DENIED, commands.end(5).getCode());
      assertEquals(Status.Code.PERMISSION_DENIED, refusal(host::register).getCode());
      assertEquals(HostStatus.ONLINE, host(lasting).status());
    }
  }

  @Test
  void anEphemeralHostThatIsGoneForLongIsRemoved() throws Exception {
    try (FakeHost host = FakeHost.enrol(server.port(), server.token(1, true), "short");
        FakeHost lasting = server.enrol("web-1")) {
      host.connect();
      lasting.connect();
      await(host, HostStatus.ONLINE);
      server.ephemeral.sweep();
      assertEquals(HostStatus.ONLINE, host(host).status());
      host.cut();
      lasting.cut();
      await(host, HostStatus.OFFLINE);
      await(lasting, HostStatus.OFFLINE);
      Eventually.await(
          SOON,
          "removed",
          () -> {
            server.ephemeral.sweep();
            return server.hosts.find(new HostId(host.uuid())).isEmpty();
          });
      assertEquals(HostStatus.OFFLINE, host(lasting).status());
    }
  }
}
