package io.easyagent.acceptance.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.api.Agent;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that mean no good, on a real host with controllers for memory and tasks, beside an agent
 * that does: it is the same process after each, nothing of them is left, and the sidecar has not
 * ended.
 */
final class HostileProgramsIT {
  /** In the arguments of everything that a hostile program starts. */
  private static final String MARK = "hostile-7d1f";

  @TempDir static Path folder;

  private static AgentsHost host;
  private static int bystander;
  private static int sidecar;

  @BeforeAll
  static void boot() throws Exception {
    host = AgentsHost.boot("hostile", folder);
    host.apply(
            Map.of(
                "bystander",
                """
                name: bystander
                user: nobody
                command: [/bin/sh, -c, "while :; do date; sleep 1; done"]
                """))
        .expect(0);
    bystander = host.awaitRunning("bystander").pid().orElseThrow();
    sidecar = host.sidecar().pid();
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (String name : host.agents().keySet()) {
      if (!name.equals("bystander")) {
        host.run("agent", "uninstall", name, "--purge", "--all").expect(0);
      }
    }
    assertEquals("", host.machine().run("pgrep", "-af", MARK).output());
    assertEquals(List.of(host.agent("bystander").id().toString()), host.cgroups());
    Agent innocent = host.awaitRunning("bystander");
    assertEquals(bystander, innocent.pid().orElseThrow());
    assertEquals(0, innocent.restarts());
    assertEquals(sidecar, host.sidecar().pid());
  }

  /**
   * Applies an agent of that name that runs this in a shell.
   *
   * @param more lines of its definition
   */
  private static CommandLine.Result apply(String name, String user, String script, String more)
      throws Exception {
    return host.apply(
        Map.of(
            name,
            """
            name: %s
            user: %s
            command:
              - /bin/bash
              - -c
              - |
            %s
              - %s
            %s
            """
                .formatted(name, user, script.strip().indent(4).stripTrailing(), MARK, more)));
  }

  private static boolean isRunning(String pattern) throws Exception {
    return host.machine().run("pgrep", "-f", pattern).status() == 0;
  }

  @Test
  void whatForksTwiceAndGoesIntoTheBackgroundIsRefused() throws Exception {
    CommandLine.Result refused =
        apply("daemon", "nobody", "( ( setsid sleep 1000 # " + MARK + "\n) & )\nexit 0", "");
    Agent daemon =
        host.await(
            "daemon", "is refused", agent -> agent.cause().contains("run it in the foreground"));
    assertNotEquals(Agent.State.running, daemon.state(), refused::screen);
    assertEquals(false, isRunning("sleep 1000"));
  }

  @Test
  void aBombOfSessionsIsStoppedWhole() throws Exception {
    apply(
            "bomb",
            "nobody",
            """
            bomb() { while :; do setsid bash -c "$(declare -f bomb); bomb" %s & sleep 0.05; done; }
            bomb
            """
                .formatted(MARK),
            "limits: {tasks: 100}\nstop: {grace: 1s}\nrestart: {policy: never}")
        .expect(0);
    Eventually.await(
        AgentsHost.SOON,
        "it has spread",
        () -> host.machine().run("pgrep", "-c", "-f", MARK).output().strip().length() >= 2);
    host.run("agent", "stop", "bomb", "--all").expect(0);
    assertEquals(false, isRunning(MARK));
  }

  @Test
  void whatIgnoresTheSignalIsKilledAfterTheGrace() throws Exception {
    apply(
            "stubborn",
            "nobody",
            "trap '' TERM INT HUP\nwhile :; do sleep 1000 & wait; done # " + MARK,
            "stop: {grace: 1s}")
        .expect(0);
    CommandLine.Result stopped = host.run("agent", "stop", "stubborn", "--all").expect(0);
    assertEquals(Agent.State.stopped, host.agent("stubborn").state(), stopped::screen);
    assertEquals(false, isRunning(MARK));
  }

  @Test
  void whatEatsMemoryMeetsItsLimitAndIsToldSo() throws Exception {
    apply(
        "glutton",
        "nobody",
        "sleep 1\nx=; while :; do x=\"$x$x$RANDOM\"; done # " + MARK,
        "limits: {memory: 32MiB}\nrestart: {policy: on-failure, backoff: 1m..5m}");
    Agent glutton =
        host.await("glutton", "is out of memory", agent -> agent.state() == Agent.State.backingOff);
    assertTrue(glutton.cause().contains("out of memory: limit 32MiB"), glutton.cause());
  }

  @Test
  void whatWritesWithoutEndHasItsLogBounded() throws Exception {
    apply(
            "chatter",
            "nobody",
            "exec yes 'a line that nobody wants to read, again and again " + MARK + "'",
            "logs: {maxSize: 1MiB, keep: 2}")
        .expect(0);
    String log = "/var/lib/easyagent-sidecar/agents/chatter/logs";
    Eventually.await(
        AgentsHost.SOON,
        "much was written",
        () ->
            Long.parseLong(
                    host.machine().run("stat", "-c", "%s", log + "/chatter.log").output().strip())
                > 1L << 30);
    for (int look = 0; look < 5; look++) {
      long kilobytes =
          Long.parseLong(
              host.machine().run("du", "-sk", log).expect(0).output().split("\\s", 2)[0]);
      // What is written between two looks of the sidecar comes on top: this disk is in memory.
      assertTrue(kilobytes < 512 << 10, "KiB on the disk: " + kilobytes);
    }
    long begun = System.nanoTime();
    host.run("agent", "stop", "chatter", "--all").expect(0);
    assertTrue(System.nanoTime() - begun < AgentsHost.SOON.toNanos(), "it was stopped");
    Eventually.await(
        AgentsHost.SOON,
        "three files of 1 MiB are kept",
        () ->
            Long.parseLong(
                    host.machine().run("du", "-sk", log).expect(0).output().split("\\s", 2)[0])
                < 4 << 10);
  }

  @Test
  void whatEmptiesItsOwnLogIsNoticed() throws Exception {
    // Only root may open the file that it was given.
    apply(
            "eraser",
            "root",
            """
            # %s
            for i in $(seq 3000); do echo "line $i of what is going to be erased"; done
            sleep 3
            : >/dev/stdout
            echo erased
            sleep 1000
            """
                .formatted(MARK),
            "logs: {maxSize: 64KiB}")
        .expect(0);
    host.await(
        "eraser",
        "has a condition",
        agent -> agent.conditions().stream().anyMatch(line -> line.contains("truncated its own")));
    assertEquals("erased\n", host.run("agent", "logs", "eraser", "--tail", "1").expect(0).out());
  }

  @Test
  void whatEndsWhileItIsStartedIsACrashLoop() throws Exception {
    CommandLine.Result failed =
        apply(
            "shortlived",
            "nobody",
            "echo 'data path already locked'; exit 3 # " + MARK,
            "restart: {backoff: 100ms..200ms}");
    assertEquals(1, failed.status(), failed::screen);
    assertTrue(failed.screen().contains("data path already locked"), failed::screen);
    Agent loop =
        host.await("shortlived", "is seen to loop", agent -> agent.cause().contains("crash loop"));
    assertTrue(loop.cause().contains("exit 3"), loop.cause());
  }

  @Test
  void aParentOfZombiesIsStoppedWithThem() throws Exception {
    apply(
            "parent",
            "nobody",
            """
            # %s
            exec perl -e '$SIG{TERM} = "IGNORE"; for (1..200) { exit 0 unless fork } print "born\\n"; $| = 1; sleep 1 while 1' %s
            """
                .formatted(MARK, MARK),
            "stop: {grace: 1s}\nlimits: {tasks: 500}")
        .expect(0);
    Eventually.await(
        AgentsHost.SOON,
        "its children are zombies",
        () ->
            host.machine()
                .shell("ps -eo stat,comm | grep -c '^Z.*perl'")
                .output()
                .strip()
                .equals("200"));
    host.run("agent", "stop", "parent", "--all").expect(0);
    Eventually.await(
        AgentsHost.SOON,
        "no zombie is left",
        () -> host.machine().shell("ps -eo stat,comm | grep '^Z.*perl'").output().isEmpty());
  }

  /** All of them at once, and the sidecar is killed in the middle. */
  @Test
  void aSidecarThatDiesAmongThemFindsThemAgain() throws Exception {
    apply("a-chatter", "nobody", "exec yes " + MARK, "logs: {maxSize: 1MiB, keep: 1}").expect(0);
    apply(
            "a-stubborn",
            "nobody",
            "trap '' TERM\nwhile :; do setsid sleep 1000 & wait; done # " + MARK,
            "stop: {grace: 1s}")
        .expect(0);
    Map<String, Integer> before = host.pids(List.of("a-chatter", "a-stubborn"));
    host.killSidecar();
    sidecar = host.sidecar().pid();
    assertEquals(before, host.pids(List.of("a-chatter", "a-stubborn")));
    host.run("agent", "stop", "a-stubborn", "--all").expect(0);
  }
}
