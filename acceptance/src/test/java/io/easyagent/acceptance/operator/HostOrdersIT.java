package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.api.Agent;
import io.easyagent.sidecar.SidecarMain;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody on the host tells its agents. */
class HostOrdersIT {
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

  @Test
  void anAgentIsStoppedAndStartedOnTheHostAndItHolds() throws Exception {
    Path program = site.file("told.sh", Site.SERVICE);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    site.run(
            "agent",
            "install",
            "--start",
            "--all",
            "-f",
            site.definition("told", program).toString())
        .expect(0);
    int first = site.pid("told");

    String printed = onHost(0, "logs", "told", "--tail", "1");
    assertTrue(printed.startsWith("started with "), printed);

    assertEquals("told: stopped\n", onHost(0, "stop", "told"));
    assertFalse(Site.alive(first), "the stopped process");
    assertEquals(Agent.Desired.running, site.awaitState("told", Agent.State.stopped).desired());

    site.fleet().killSidecar();
    Eventually.await(
        Fleet.PATIENCE, "the next sidecar answers", () -> sidecar("status").status() == 0);
    assertEquals("told: stopped already\n", onHost(0, "stop", "told"));
    assertTrue(onHost(0, "start", "told").matches("told: started, pid [0-9]+\n"));
    int second = site.pid("told");

    assertTrue(onHost(0, "restart", "told").matches("told: restarted, pid [0-9]+\n"));
    assertFalse(Site.alive(second), "the process before the restart");
    assertNotEquals(second, site.pid("told"));

    Eventually.await(
        Fleet.PATIENCE,
        "the server hears of it",
        () -> {
          CommandLine.Result events = site.run("events", "--agent", "told").expect(0);
          return events.out().contains("ordered-on-host")
              && events.out().contains("restart, by user root on the host");
        });
    site.run("agent", "uninstall", "told", "--purge", "--all").expect(0);
    site.assertUnharmed();
  }

  @Test
  void whatIsMistypedIsSaidAndTellsNobody() throws Exception {
    assertEquals(
        "neighbor: no such agent here (expected: one of neighbour)\n",
        onHost(1, "stop", "neighbor"));
    assertTrue(onHost(2, "stop").contains("(expected: an agent's name first)"));
    site.assertUnharmed();
  }

  private record Ended(int status, String said) {}

  private static String onHost(int status, String... words) throws Exception {
    Ended ended = sidecar(words);
    assertEquals(status, ended.status(), ended::said);
    return ended.said();
  }

  /** Runs {@code easyagent-sidecar} beside the one that runs. */
  private static Ended sidecar(String... words) throws Exception {
    Path log = Files.createTempFile(folder, "told-", ".log");
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--data", site.fleet().hostData().toString()));
    Jvm program = Jvm.start(SidecarMain.class, log, Map.of(), Map.of(), arguments);
    return new Ended(program.awaitExit(), Files.readString(log));
  }
}
