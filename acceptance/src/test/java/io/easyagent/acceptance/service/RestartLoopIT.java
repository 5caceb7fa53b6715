package io.easyagent.acceptance.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar under its own restart loop: systemd of this host knows nothing of it. */
final class RestartLoopIT {
  private static final String LOOP = SidecarHost.HOME + "/current/bin/easyagent-sidecar-loop";
  private static final String LOG = "/var/log/easyagent-sidecar/sidecar.log";

  @TempDir static Path folder;

  private static ControlPlane server;
  private static SidecarHost host;
  private static RealHost machine;
  private static Witnesses agents;

  private Map<String, Integer> pids;

  @BeforeAll
  static void start() throws Exception {
    host = SidecarHost.bootInstalled("unit-loop");
    machine = host.host();
    server = new ControlPlane(folder);
    host.enroll(server);
    loop("start").expect(0);
    server.await("unit-loop", Host.Status.online);
    agents = Witnesses.install(machine, server, folder);
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void allRun() throws Exception {
    loop("start").expect(0);
    pids = agents.awaitRunning();
  }

  @Test
  void thereIsOneLoop() throws Exception {
    String running = loop("status").expect(0).output();
    assertEquals(running.replace(": runs", ": runs already"), loop("start").expect(0).output());
    assertTrue(loop("run").expect(1).output().contains("another loop runs: process"));
  }

  @Test
  void aKilledSidecarIsStartedAgainAndItsAgentsLiveOn() throws Exception {
    int before = sidecar();
    machine.run("kill", "-9", Integer.toString(before)).expect(0);
    awaitSuccessorOf(before);
    assertAdopted();
  }

  @Test
  void aSidecarThatHangsIsKilledAndStartedAgain() throws Exception {
    loop("stop").expect(0);
    machine.run("env", "EASYAGENT_LOOP_LOOK=2", LOOP, "start").expect(0);
    int before = Eventually.awaitValue(Witnesses.SOON, "a sidecar", () -> findSidecar());
    awaitAnswer();
    machine.run("kill", "-STOP", Integer.toString(before)).expect(0);
    awaitSuccessorOf(before);
    assertTrue(log().contains("process " + before + ", hangs"), log());
    assertAdopted();
    loop("restart").expect(0);
  }

  @Test
  void aKilledLoopsSidecarIsTakenOverByTheNextLoop() throws Exception {
    int before = sidecar();
    String loop =
        machine
            .run("cut", "-d", " ", "-f", "1", "/run/easyagent-sidecar/loop.pid")
            .output()
            .strip();
    machine.run("kill", "-9", loop).expect(0);
    assertEquals(before, sidecar(), "it runs on");
    loop("start").expect(0);
    awaitSuccessorOf(before);
    assertEquals("1\n", machine.run("pgrep", "-c", "-f", "SidecarMain run").output());
    assertAdopted();
  }

  @Test
  void stopLeavesAgentsRunningAndSaysSo() throws Exception {
    assertTrue(loop("stop").expect(0).output().contains("agents are left running"));
    assertEquals(Optional.empty(), findSidecar());
    assertEquals(pids, agents.running());
    assertTrue(log().contains("agents are left running: a (process " + pids.get("a")), log());
    loop("status").expect(3);
    loop("start").expect(0);
    awaitAnswer();
    assertAdopted();
  }

  @Test
  void shutdownStopsAgentsInReverseOrderAndTheNextStartBringsThemBackInOrder() throws Exception {
    agents.takeLife();
    loop("shutdown").expect(0);
    assertEquals(Map.of(), agents.running());
    assertEquals(List.of("term c", "end c up", "term b", "term a", "end a up"), agents.takeLife());
    loop("start").expect(0);
    Eventually.await(Witnesses.SOON, "the last is ready", () -> agents.life().contains("ready c"));
    assertEquals(
        List.of("start a", "ready a", "start b", "ready b", "start c", "ready c"),
        agents.takeLife());
  }

  @Test
  void aStopByInitThatTakesTheMachineDownIsAShutdown() throws Exception {
    machine.run("env", "RUNLEVEL=0", LOOP, "stop").expect(0);
    assertEquals(Map.of(), agents.running());
    machine.run("env", "RUNLEVEL=2", LOOP, "start").expect(0);
    Map<String, Integer> again = agents.awaitRunning();
    awaitAnswer();
    machine.run("env", "RUNLEVEL=2", LOOP, "stop").expect(0);
    assertEquals(again, agents.running());
  }

  @Test
  void aSidecarThatCannotStartIsTriedAgainAfterGrowingPauses() throws Exception {
    machine.shell("echo 'nonsense: yes' >" + SidecarHost.SETTINGS).expect(0);
    int before = sidecar();
    machine.run("kill", "-9", Integer.toString(before)).expect(0);
    Eventually.await(
        Witnesses.SOON,
        "growing pauses",
        () -> log().matches("(?s).*next start in 2 s\\n.*next start in 4 s\\n.*"));
    assertEquals(pids, agents.running());
    machine.shell(": >" + SidecarHost.SETTINGS).expect(0);
    awaitSuccessorOf(before);
    assertAdopted();
  }

  @Test
  void theLogIsTwoFilesOfBoundedSize() throws Exception {
    machine
        .runWithInput(
            """
            set -e
            mkdir -p /srv/fake
            cp %s /srv/fake/
            cat >/srv/fake/easyagent-sidecar <<'FAKE'
            #!/bin/sh
            head -c 6000000 /dev/zero | tr '\\0' x | fold -w 2000
            echo all said
            exec sleep 1000
            FAKE
            chmod 755 /srv/fake/easyagent-sidecar
            """
                .formatted(LOOP),
            "sh")
        .expect(0);
    machine
        .run(
            "env",
            "EASYAGENT_LOOP_STATE=/srv/fake/state",
            "EASYAGENT_LOOP_LOG=/srv/fake/log",
            "/srv/fake/easyagent-sidecar-loop",
            "start")
        .expect(0);
    Eventually.await(
        Witnesses.SOON,
        "everything is written",
        () -> machine.run("grep", "-q", "all said", "/srv/fake/log/sidecar.log").status() == 0);
    String sizes = machine.shell("cd /srv/fake/log && stat -c '%n %s' *").expect(0).output();
    assertEquals(2, sizes.lines().count(), sizes);
    for (String line : sizes.lines().toList()) {
      assertTrue(Long.parseLong(line.split(" ")[1]) <= 5 << 20, sizes);
    }
    machine
        .run(
            "env",
            "EASYAGENT_LOOP_STATE=/srv/fake/state",
            "/srv/fake/easyagent-sidecar-loop",
            "stop")
        .expect(0);
  }

  private static RealHost.Result loop(String verb) throws Exception {
    return machine.run(LOOP, verb);
  }

  private static int sidecar() throws Exception {
    return findSidecar().orElseThrow();
  }

  private static Optional<Integer> findSidecar() throws Exception {
    return machine
        .run("pgrep", "-f", "SidecarMain run")
        .output()
        .lines()
        .findFirst()
        .map(Integer::valueOf);
  }

  private static void awaitSuccessorOf(int before) {
    Eventually.await(
        Witnesses.SOON,
        "another sidecar",
        () -> findSidecar().filter(pid -> pid != before).isPresent());
    awaitAnswer();
  }

  private static void awaitAnswer() {
    Eventually.await(
        Witnesses.SOON, "the sidecar answers", () -> host.sidecar("status").status() == 0);
  }

  private void assertAdopted() throws Exception {
    assertEquals(pids, agents.running());
    assertNotEquals(Optional.empty(), findSidecar());
    String status = host.sidecar("status").expect(0).output();
    pids.values().forEach(pid -> assertTrue(status.contains(" " + pid), status));
  }

  private static String log() throws Exception {
    return machine.run("cat", LOG).output();
  }
}
