package io.easyagent.acceptance.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sidecar as a unit of systemd: what becomes of agents when it ends, and when its host does.
 */
final class UnitIT {
  /** Takes the network down at shutdown, as the usual units of a distribution do. */
  private static final String NETWORK =
      """
      [Unit]
      DefaultDependencies=no
      Before=network.target shutdown.target
      Wants=network.target
      Conflicts=shutdown.target
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/bin/true
      ExecStop=/bin/sh -c 'echo network down >>/witness/life; ip link set eth0 down'
      [Install]
      WantedBy=multi-user.target
      """;

  /**
   * All hosts have the kernel of this machine, and so its boot id: each boot gets one of its own.
   */
  private static final String BOOT_ID =
      """
      [Unit]
      Before=easyagent-sidecar.service
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/bin/sh -c 'cat /proc/sys/kernel/random/uuid >/run/boot-id && mount --bind /run/boot-id /proc/sys/kernel/random/boot_id'
      [Install]
      WantedBy=multi-user.target
      """;

  @TempDir static Path folder;

  private static ControlPlane server;
  private static SidecarHost host;
  private static RealHost machine;
  private static Witnesses agents;

  private Map<String, Integer> pids;

  @BeforeAll
  static void start() throws Exception {
    host = SidecarHost.bootInstalled("unit-a");
    machine = host.host();
    machine.runWithInput(NETWORK, "tee", "/etc/systemd/system/test-network.service").expect(0);
    machine.runWithInput(BOOT_ID, "tee", "/etc/systemd/system/test-boot-id.service").expect(0);
    machine
        .run("systemctl", "enable", "--now", "test-network.service", "test-boot-id.service")
        .expect(0);
    server = new ControlPlane(folder);
    host.enroll(server);
    host.start();
    server.await("unit-a", io.easyagent.api.Host.Status.online);
    agents = Witnesses.install(machine, server, folder);
  }

  private static String bootId() throws Exception {
    return machine.run("cat", "/proc/sys/kernel/random/boot_id").expect(0).output();
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void allRun() {
    pids = agents.awaitRunning();
  }

  @Test
  void agentsAreInADelegatedScopeBesideTheUnitAndTheirLimitsHoldThere() throws Exception {
    assertEquals("yes", scope("Delegate"));
    assertEquals("active", scope("ActiveState"));
    assertEquals("infinity", scope("TasksMax"));
    for (int pid : pids.values()) {
      String groups = machine.run("cat", "/proc/" + pid + "/cgroup").expect(0).output();
      assertTrue(groups.contains("name=systemd:/system.slice/" + SidecarHost.SCOPE + "/"), groups);
      assertTrue(groups.contains("pids:/system.slice/" + SidecarHost.SCOPE + "/"), groups);
      assertFalse(groups.contains("/" + SidecarHost.UNIT), groups);
    }
    assertEquals(
        "64\n64\n64\n",
        machine
            .shell("cat /sys/fs/cgroup/pids/system.slice/" + SidecarHost.SCOPE + "/*-*/pids.max")
            .output());
    assertEquals(
        Integer.toString(host.pid()),
        machine
            .shell("cat /sys/fs/cgroup/systemd/system.slice/" + SidecarHost.UNIT + "/cgroup.procs")
            .output()
            .strip(),
        "the unit holds the sidecar alone");
  }

  @Test
  void agentsLiveThroughARestartOfTheUnit() throws Exception {
    int before = host.pid();
    host.systemctl("restart").expect(0);
    assertNotEquals(before, host.pid());
    assertAdopted();
  }

  @Test
  void agentsLiveThroughKillMinusNineOfTheSidecar() throws Exception {
    int before = host.pid();
    machine.run("kill", "-9", Integer.toString(before)).expect(0);
    awaitSuccessorOf(before);
    assertAdopted();
  }

  @Test
  void agentsLiveThroughAHangThatTheWatchdogEnds() throws Exception {
    machine
        .shell(
            "mkdir -p /run/systemd/system/easyagent-sidecar.service.d && printf"
                + " '[Service]\\nWatchdogSec=3\\n'"
                + " >/run/systemd/system/easyagent-sidecar.service.d/soon.conf && systemctl"
                + " daemon-reload && systemctl restart "
                + SidecarHost.UNIT)
        .expect(0);
    int before = host.pid();
    machine.run("kill", "-STOP", Integer.toString(before)).expect(0);
    awaitSuccessorOf(before);
    assertAdopted();
    assertTrue(host.log().contains("Watchdog timeout"), host::lastLog);
    machine
        .shell("rm -r /run/systemd/system/easyagent-sidecar.service.d && systemctl daemon-reload")
        .expect(0);
    host.systemctl("restart").expect(0);
  }

  @Test
  void agentsLiveThroughAnotherSystemdAndAKillAfterIt() throws Exception {
    machine.run("systemctl", "daemon-reexec").expect(0);
    assertEquals("active", scope("ActiveState"));
    assertEquals("yes", scope("Delegate"));
    int before = host.pid();
    machine.run("kill", "-9", Integer.toString(before)).expect(0);
    awaitSuccessorOf(before);
    assertAdopted();
  }

  @Test
  void aStoppedUnitLeavesItsAgentsAndSaysSo() throws Exception {
    host.systemctl("stop").expect(0);
    assertEquals("inactive", host.property("ActiveState"));
    assertEquals(pids, agents.running());
    String left = "agents are left running: a (process " + pids.get("a") + "), b (process ";
    assertTrue(host.lastLog().contains(left), host::lastLog);
    assertTrue(host.property("StatusText").contains(left), host.property("StatusText"));
    host.systemctl("start").expect(0);
    assertAdopted();
  }

  @Test
  void aScopeWhoseAnchorIsGoneIsKeptAndOneThatIsGoneIsMadeAnew() throws Exception {
    machine.run("pkill", "-9", "-f", "^/usr/bin/sleep infinity$").expect(0);
    Map<String, Integer> orphans = agents.running();
    assertEquals(pids, orphans, "anchor and keepers are gone, the agents are not");
    machine.run("kill", "-9", Integer.toString(pids.get("c"))).expect(0);
    Eventually.await(
        Witnesses.SOON, "c again", () -> agents.running().getOrDefault("c", 0) > pids.get("c"));
    assertEquals(pids.get("a"), agents.running().get("a"));
    assertEquals("active", scope("ActiveState"));

    machine.run("systemctl", "kill", "--signal=KILL", SidecarHost.SCOPE).expect(0);
    Eventually.await(
        Witnesses.SOON,
        "other agents in another scope",
        () ->
            agents.running().size() == pids.size()
                && agents.running().get("a") > pids.get("a")
                && scope("ActiveState").equals("active"));
    String groups = machine.run("cat", "/proc/" + agents.running().get("a") + "/cgroup").output();
    assertTrue(groups.contains("/" + SidecarHost.SCOPE + "/"), groups);
  }

  @Test
  void theShutdownCommandStopsThemInReverseOrderUntilTheNextStart() throws Exception {
    agents.takeLife();
    String told = host.sidecar("shutdown").expect(0).output();
    assertTrue(told.contains("stopped  b, killed after its grace"), told);
    assertTrue(
        told.endsWith("3 agents stopped; the next start of the sidecar starts what is to run\n"),
        told);
    assertEquals(Map.of(), agents.running());
    assertEquals(List.of("term c", "end c up", "term b", "term a", "end a up"), agents.takeLife());
    String status = host.sidecar("status").expect(0).output();
    assertTrue(status.contains("intake   STOPPED: agents are stopped on request"), status);
    host.systemctl("restart").expect(0);
    agents.awaitRunning();
  }

  @Test
  void nobodyButRootMayAskForTheShutdown() throws Exception {
    machine
        .run("setpriv", "--reuid=nobody", "--clear-groups", SidecarHost.PROGRAM, "shutdown")
        .expect(1);
    assertEquals(pids, agents.running());
  }

  @Test
  void aRebootStopsInReverseOrderWithFullGracesWhileThereIsANetworkAndStartsInOrder()
      throws Exception {
    agents.takeLife();
    machine.reboot();
    agents.awaitRunning();
    Eventually.await(Witnesses.SOON, "the last is ready", () -> agents.life().contains("ready c"));
    assertEquals(
        List.of(
            "term c",
            "end c up",
            "term b",
            "term a",
            "end a up",
            "network down",
            "start a",
            "ready a",
            "start b",
            "ready b",
            "start c",
            "ready c"),
        agents.takeLife(),
        host::lastLog);
  }

  @Test
  void aPowerCutStartsAllOfThemInOrder() throws Exception {
    agents.takeLife();
    String boot = bootId();
    machine.cutPower();
    machine.switchOn();
    assertNotEquals(boot, bootId());
    agents.awaitRunning();
    Eventually.await(Witnesses.SOON, "the last is ready", () -> agents.life().contains("ready c"));
    assertEquals(
        List.of("start a", "start b", "start c"),
        agents.takeLife().stream().filter(line -> line.startsWith("start")).toList());
  }

  @Test
  void aSidecarThatCannotStartIsTriedAgainWithoutEnd() throws Exception {
    machine.shell("echo 'nonsense: yes' >" + SidecarHost.SETTINGS).expect(0);
    int before = host.pid();
    machine.run("kill", "-9", Integer.toString(before)).expect(0);
    Eventually.await(
        Witnesses.SOON,
        "more tries than systemd's own limit",
        () -> host.lastLog().contains("not ready after 5 tries: the next in 8 s"));
    assertEquals("activating", host.property("ActiveState"));
    assertEquals(pids, agents.running(), "nobody restarts them, but they run");
    assertTrue(host.lastLog().contains("unknown key \"nonsense\""), host::lastLog);

    machine.shell(": >" + SidecarHost.SETTINGS).expect(0);
    host.systemctl("restart").expect(0);
    assertAdopted();
  }

  @Test
  void aSidecarWithoutItsJavaIsTriedAgainUntilItIsBack() throws Exception {
    String java = SidecarHost.HOME + "/current/runtime/bin/java";
    machine.run("mv", java, java + ".away").expect(0);
    int before = host.pid();
    machine.run("kill", "-9", Integer.toString(before)).expect(0);
    Eventually.await(
        Witnesses.SOON,
        "tried twice",
        () -> host.lastLog().contains("runtime/bin/java: not found"));
    assertEquals("activating", host.property("ActiveState"));
    machine.run("mv", java + ".away", java).expect(0);
    awaitSuccessorOf(before);
    assertAdopted();
  }

  @Test
  void aServerThatIsAwayDelaysNeitherReadinessNorAgents() throws Exception {
    machine.unplug();
    try {
      host.systemctl("restart").expect(0);
      assertEquals("active", host.property("ActiveState"));
      assertAdopted();
    } finally {
      machine.plugIn();
    }
  }

  private void awaitSuccessorOf(int before) {
    Eventually.await(
        Witnesses.SOON,
        "another sidecar is ready",
        () ->
            host.pid() != before
                && host.pid() != 0
                && host.property("ActiveState").equals("active"));
  }

  /** The same processes, and the sidecar that runs now supervises them. */
  private void assertAdopted() throws Exception {
    assertEquals(pids, agents.running());
    String status = host.sidecar("status").expect(0).output();
    for (Map.Entry<String, Integer> agent : pids.entrySet()) {
      assertTrue(
          status
              .lines()
              .anyMatch(line ->
                  line.startsWith(agent.getKey() + " ") && line.contains(" " + agent.getValue())),
          status);
    }
  }

  private static String scope(String property) throws Exception {
    return machine
        .run("systemctl", "show", "--property", property, "--value", SidecarHost.SCOPE)
        .expect(0)
        .output()
        .strip();
  }
}
