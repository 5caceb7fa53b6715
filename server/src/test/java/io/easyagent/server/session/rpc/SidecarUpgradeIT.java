package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.ControlResponse.ControlCmd;
import io.easyagent.protocol.OperationResult.Outcome;
import io.easyagent.server.artifact.SidecarDistribution;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.SelectorParser;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations in the middle of which the sidecar that took them is replaced by another. */
class SidecarUpgradeIT {
  private static final String CAPABILITY = "sidecar-upgrade-1";
  private static final String CONFIGURATION = "server:\n  addresses: [\"ü:8890\"]\n";
  private static final SidecarDistribution DISTRIBUTION =
      new SidecarDistribution(
          "easyagent-sidecar-linux-x86_64", "2.1.0", "ab".repeat(32), 5L << 30, "cd".repeat(64));

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

  private BatchId submit(FakeHost host, OperationKind kind, Command command) {
    return server.accepted(host, kind, Optional.empty(), NewBatch.USUAL_TIMEOUT, command);
  }

  private BatchId upgrade(FakeHost host) {
    return submit(host, OperationKind.UPGRADE_SIDECAR, new Command.UpgradeSidecar(DISTRIBUTION));
  }

  private BatchId configure(FakeHost host) {
    return submit(
        host, OperationKind.CONFIGURE_SIDECAR, new Command.ConfigureSidecar(CONFIGURATION));
  }

  /** The session ends without a word, and another process of the sidecar opens the next one. */
  private void restart(FakeHost host) {
    host.cut();
    awaitOffline(host);
    host.instance = WireIds.bytes(UUID.randomUUID());
  }

  private void awaitOffline(FakeHost host) {
    Eventually.await(
        Duration.ofSeconds(10), "offline", () -> host(host).status() == HostStatus.OFFLINE);
  }

  @Test
  void anUpgradeRunsOnOverTheSessionThatItEnds() throws Exception {
    try (FakeHost host = server.enrol("web-1", CAPABILITY)) {
      FakeHost.Commands commands = host.connect();
      BatchId batch = upgrade(host);
      ControlResponse command = commands.next();
      assertEquals(ControlCmd.UPDATE_SIDECAR, command.getCmd());
      var sent = command.getUpdateSidecarOptions().getDistribution();
      assertEquals("easyagent-sidecar-linux-x86_64", sent.getName());
      assertEquals("2.1.0", sent.getVersion());
      assertEquals(WireIds.bytes("ab".repeat(32)), sent.getSha256());
      assertEquals(5L << 30, sent.getSize());
      assertEquals(WireIds.bytes("cd".repeat(64)), sent.getSignature());
      assertTrue(command.getTimeLeft().getSeconds() > 14 * 60, "time left");
      host.report(host.started(command));

      restart(host);
      assertEquals(OperationState.RUNNING, server.operation(batch).state());
      host.version = "2.1.0";
      host.connect(FakeHost.known(command));
      assertEquals(OperationState.RUNNING, server.operation(batch).state());
      assertEquals(
          List.of(host(host).id()),
          server.hosts.select(SelectorParser.parse("fact.sidecar=2.1.0")),
          "the new version, before it is confirmed");
      host.report(host.result(command, Outcome.SUCCEEDED, "version 2.1.0 runs"));

      Operation ended = server.operation(batch);
      assertEquals(OperationState.SUCCEEDED, ended.state());
      assertEquals("version 2.1.0 runs", ended.message());
      assertEquals(List.of(), server.hosts.select(SelectorParser.parse("fact.sidecar!=2.1.0")));
    }
  }

  @Test
  void aConfigurationThatIsRolledBackFailsAfterTwoSessions() throws Exception {
    try (FakeHost host = server.enrol("web-1", CAPABILITY)) {
      FakeHost.Commands commands = host.connect();
      BatchId batch = configure(host);
      ControlResponse command = commands.next();
      assertEquals(ControlCmd.UPDATE_SIDECAR_CONFIG, command.getCmd());
      assertEquals(CONFIGURATION, command.getUpdateSidecarConfigOptions().getContent());
      host.report(host.started(command));
      for (int restart = 0; restart < 2; restart++) {
        restart(host);
        host.connect(FakeHost.known(command));
        assertEquals(OperationState.RUNNING, server.operation(batch).state());
      }
      host.report(host.result(command, Outcome.FAILED, "rolled back: no session within 60 s"));
      assertEquals(OperationState.FAILED, server.operation(batch).state());
    }
  }

  @Test
  void oneThatWasTakenAndNotBegunYetIsNotSentAgain() throws Exception {
    try (FakeHost host = server.enrol("web-1", CAPABILITY)) {
      FakeHost.Commands commands = host.connect();
      BatchId batch = upgrade(host);
      ControlResponse command = commands.next();
      restart(host);
      FakeHost.Commands again = host.connect(FakeHost.known(command));
      BatchId exec = server.exec(host, Duration.ofMinutes(5));
      assertEquals(ControlCmd.EXEC_SCRIPT, again.next().getCmd());
      assertEquals(OperationState.SENT, server.operation(batch).state());
      server.awaitState(exec, OperationState.SENT);
      assertTrue(again.isEmpty());
    }
  }

  @Test
  void ofASidecarThatLostItsRecordItsEndIsNotKnown() throws Exception {
    try (FakeHost host = server.enrol("web-1", CAPABILITY)) {
      FakeHost.Commands commands = host.connect();
      BatchId batch = upgrade(host);
      host.report(host.started(commands.next()));
      restart(host);
      host.connect();
      assertEquals(OperationState.INTERRUPTED, server.operation(batch).state());
    }
  }

  @Test
  void theSidecarIsChangedByOneOperationAtATime() throws Exception {
    try (FakeHost host = server.enrol("web-1", CAPABILITY)) {
      FakeHost.Commands commands = host.connect();
      BatchId upgrade = upgrade(host);
      ControlResponse first = commands.next();
      BatchId configure = configure(host);
      server.exec(host, Duration.ofMinutes(5));
      assertEquals(ControlCmd.EXEC_SCRIPT, commands.next().getCmd());
      host.report(host.started(first));
      assertEquals(OperationState.QUEUED, server.operation(configure).state());
      host.report(host.result(first, Outcome.SUCCEEDED, ""));
      assertEquals(ControlCmd.UPDATE_SIDECAR_CONFIG, commands.next().getCmd());
      assertEquals(OperationState.SUCCEEDED, server.operation(upgrade).state());
    }
  }

  @Test
  void aSidecarThatDoesNotUnderstandItIsNotSentIt() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      host.connect();
      assertTrue(
          assertThrows(AssertionError.class, () -> upgrade(host))
              .getMessage()
              .contains(
                  "the sidecar of web-1 does not understand sidecar-upgrade-1: it is version "));
    }
  }
}
