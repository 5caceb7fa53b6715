package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.api.Agent;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a definition says of an agent's life, from the file that is applied to the real process. */
class DefinedLifeIT {
  @TempDir static Path folder;

  private static Site site;

  @BeforeAll
  static void open() throws Exception {
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @AfterEach
  void nobodyElseIsHarmed() {
    site.assertUnharmed();
  }

  private static Path shell(String name, String script, String more) throws IOException {
    return site.file(
        name + ".yaml",
        """
        name: %s
        user: %s
        command: [/bin/sh, -c, '%s']
        %s\
        """
            .formatted(name, Site.user(), script, more));
  }

  private static Agent awaitCause(String name, String begin) {
    return Eventually.awaitValue(
        Fleet.PATIENCE,
        name + " is shown with " + begin,
        () -> site.findAgent(name).filter(agent -> agent.cause().startsWith(begin)));
  }

  @Test
  void everyKeyReachesTheProcess() throws Exception {
    Path definition =
        shell(
            "settled",
            "umask; nice; ulimit -c; echo now up; while :; do sleep 1; done",
            """
            umask: "0077"
            nice: 3
            limits: {core: 0B, processes: 1000}
            ready: {line: now up, timeout: 20s}
            restart: {policy: on-failure, success: [143, TERM]}
            after: [neighbour, nobody-of-that-name]
            """);
    site.apply(definition).expect(0);
    site.pid("settled");
    assertEquals(
        List.of("0077", "3", "0", "now up"),
        Files.readAllLines(site.agentFolder("settled").resolve("logs/settled.log")));
    CommandLine.Result again = site.apply(definition).expect(0);
    assertTrue(again.out().contains("unchanged"), again::screen);
    site.uninstall("settled");
  }

  @Test
  void anUnhealthyAgentIsStoppedAndShownSo() throws Exception {
    Path well = site.newFolder("health-").resolve("well");
    site.apply(
            shell(
                "ailing",
                "while :; do sleep 0.1; done",
                """
                health: {command: [/usr/bin/test, -e, %s], interval: 1s, retries: 1, onFailure: stop}
                """
                    .formatted(well)))
        .expect(0);
    Agent held = awaitCause("ailing", "unhealthy: exit 1 (stopped; it stays so");
    assertEquals(Agent.State.exited, site.awaitState("ailing", Agent.State.exited).state());
    assertEquals(Agent.Desired.running, held.desired());
    assertEquals(Optional.empty(), site.agent("ailing").pid());

    Files.createFile(well);
    site.run("agent", "start", "ailing", "--all").expect(0);
    site.pid("ailing");
    site.uninstall("ailing");
  }

  @Test
  void aCrashLoopIsShown() throws Exception {
    site.apply(shell("looping", "echo no disk; exit 4", "restart: {backoff: 10ms..300ms}\n"));
    Agent looping = awaitCause("looping", "crash loop: ");
    assertTrue(looping.cause().contains("last: exit 4 after 0."), looping::toString);
    CommandLine.Result events = site.run("events", "--agent", "looping").expect(0);
    assertTrue(events.out().contains("crash-loop"), events::screen);
    site.uninstall("looping");
  }

  @Test
  void aCircleIsNamedWhereverItIsFound() throws Exception {
    Path web = shell("web", "sleep 1000", "after: [queue]\n");
    Path queue = shell("queue", "sleep 1000", "after: [web]\n");
    CommandLine.Result together = site.apply(web, queue).expect(2);
    assertTrue(together.err().contains("after: web → queue → web"), together::screen);
    assertEquals(Optional.empty(), site.findAgent("web"));

    site.apply(web).expect(0);
    CommandLine.Result later = site.apply(queue).expect(1);
    assertTrue(later.err().contains("after: queue → web → queue"), later::screen);
    site.pid("web");
    site.uninstall("web");
    if (site.findAgent("queue").isPresent()) {
      site.uninstall("queue");
    }
  }
}
