package io.easyagent.acceptance.alone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real host without network that was never enrolled: its agents are what its folder says. At the
 * end it is given a server. Each test leaves {@code db} and {@code web} running.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WithoutServerIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String AGENTS = "/etc/easyagent-sidecar/agents";
  private static final String LIFE = "/var/lib/life/log";

  @TempDir static Path folder;

  private static SidecarHost host;
  private static RealHost machine;

  @BeforeAll
  static void start() throws Exception {
    host = SidecarHost.bootInstalled("alone");
    machine = host.host();
    machine.unplug();
    machine
        .shell("mkdir -p /var/lib/life " + AGENTS + " && : >" + LIFE + " && chmod 666 " + LIFE)
        .expect(0);
    machine.shell("echo 'definitions: " + AGENTS + "' >" + SidecarHost.SETTINGS).expect(0);
    define("web", "1", ", after: [db]");
    define("db", "1", ", ready: {delay: 500ms}");
    host.start();
    Eventually.await(SOON, "web runs", () -> !pid("web").isEmpty());
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
  }

  private static void define(String name, String version, String more) throws Exception {
    // It tells of its life in one line and goes on in the same process.
    write(
        name,
        """
        {name: %1$s, user: nobody, stop: {grace: 5s}%3$s,
         command: [/bin/sh, -c, "echo start %1$s %2$s | tee -a %4$s; exec sleep 1000"]}
        """
            .formatted(name, version, more, LIFE));
  }

  private static void write(String name, String text) throws Exception {
    machine.runWithInput(text, "tee", AGENTS + "/" + name + ".yaml").expect(0);
  }

  /** Of the agent's process, as {@code status} tells it; empty when none runs. */
  private static String pid(String name) throws Exception {
    return host.sidecar("status")
        .output()
        .lines()
        .map(line -> line.split(" +"))
        .filter(words -> words[0].equals(name) && words[1].equals("running"))
        .map(words -> words[3])
        .findFirst()
        .orElse("");
  }

  private static String status() throws Exception {
    return told(0, "status");
  }

  /** What {@code easyagent-sidecar} says; without what its Java says of a machine in a machine. */
  private static String told(int status, String... words) throws Exception {
    return host.sidecar(words)
        .expect(status)
        .output()
        .lines()
        .filter(line -> !line.matches("\\[.*\\]\\[warning\\].*"))
        .collect(Collectors.joining("\n"));
  }

  private static List<String> takeLife() throws Exception {
    List<String> lines = machine.run("cat", LIFE).output().lines().toList();
    machine.shell(": >" + LIFE).expect(0);
    return lines;
  }

  @Test
  @Order(1)
  void aHostThatWasNeverEnrolledHasTheAgentsThatItDefinesInTheirOrder() throws Exception {
    assertEquals(List.of("start db 1", "start web 1"), takeLife());
    assertTrue(status().contains("server   none: this host was never enrolled"), status());
    // The first reading may just be ending.
    Eventually.await(
        SOON, "nothing is left to do", () -> told(0, "reload").equals("nothing has changed"));
  }

  @Test
  @Order(2)
  void anAgentThatCrashesIsStartedAgainAndIsToldOnTheHost() throws Exception {
    String before = pid("web");
    machine.run("kill", "-9", before).expect(0);
    Eventually.await(
        SOON, "its successor", () -> !pid("web").isEmpty() && !pid("web").equals(before));
    assertEquals(List.of("start web 1"), takeLife());
    assertEquals("web: stopped", told(0, "stop", "web"));
    assertEquals("", pid("web"));
    host.sidecar("start", "web").expect(0);
    host.sidecar("restart", "web").expect(0);
    assertEquals(List.of("start web 1", "start web 1"), takeLife());
    assertEquals("start web 1", told(0, "logs", "web", "--tail", "1"));
  }

  @Test
  @Order(3)
  void aReloadInstallsConfiguresAndUninstalls() throws Exception {
    String db = pid("db");
    define("extra", "1", "");
    define("web", "2", ", after: [db]");
    String reload = told(0, "reload");
    assertTrue(reload.contains("extra: revision 1 in force, started"), reload);
    assertTrue(reload.contains("web: revision 2 in force, restarted"), reload);
    assertEquals(db, pid("db"));
    assertTrue(takeLife().containsAll(List.of("start extra 1", "start web 2")));

    String extra = pid("extra");
    machine.run("rm", AGENTS + "/extra.yaml").expect(0);
    assertEquals("extra: uninstalled, data kept", told(0, "reload"));
    machine.run("kill", "-0", extra).expect(1);
    machine.run("test", "-d", SidecarHost.DATA + "/agents/extra/data").expect(0);
  }

  @Test
  @Order(4)
  void aReloadOfTheUnitIsOne() throws Exception {
    int sidecar = host.pid();
    String web = pid("web");
    define("extra", "1", "");
    reloadUnit().expect(0);
    assertEquals(List.of("start extra 1"), takeLife());

    String extra = pid("extra");
    write("extra", "name: extra\nuser: nobody\nstop: {signl: TERM}\n");
    reloadUnit().expect(1);
    assertTrue(
        host.lastLog().contains("/extra.yaml: 3:8 stop.signl: unknown key `stop.signl`"),
        host::lastLog);
    assertEquals(extra, pid("extra"));
    assertEquals("active", host.property("ActiveState"));

    machine.run("rm", AGENTS + "/extra.yaml").expect(0);
    reloadUnit().expect(0);
    assertEquals("", pid("extra"));
    assertEquals(web, pid("web"));
    assertEquals(sidecar, host.pid());
    assertEquals(List.of(), takeLife());
  }

  private static RealHost.Result reloadUnit() throws Exception {
    return machine.run("systemctl", "reload", SidecarHost.UNIT);
  }

  @Test
  @Order(5)
  void whatIsWrongIsToldAndTouchesNoAgentThatRuns() throws Exception {
    String db = pid("db");
    String web = pid("web");
    write("web", "name: web\nuser: nobody\nstop: {signl: TERM}\n");
    write("unknown-user", "{name: unknown-user, user: nobody-here, command: [/bin/sleep, inf]}");
    write("limit", "{name: limit, user: nobody, command: [/bin/true], limits: {tasks: 0}}");
    write("other", "{name: else, user: nobody, command: [/bin/true]}");
    write("x", "{name: x, user: nobody, command: [/bin/true], after: [y]}");
    write("y", "{name: y, user: nobody, command: [/bin/true], after: [x]}");
    write("packed", "{name: packed, user: nobody, package: p@1, command: [\"{{package}}/p\"]}");
    machine.shell("cd " + AGENTS + " && cp db.yaml loose.yaml && chmod 666 loose.yaml").expect(0);
    machine.shell("cd " + AGENTS + " && ln -s db.yaml link.yaml").expect(0);
    String said = told(1, "reload");
    for (String fault :
        List.of(
            "/web.yaml: 3:8 stop.signl: unknown key `stop.signl` (did you mean `signal`?)",
            "the agent is left as it is",
            "/unknown-user.yaml: user: nobody-here (expected: a user of this host",
            "/limit.yaml: 1:",
            "/other.yaml: name: else (expected: other, as the file is called)",
            "/x.yaml: after: x → y → x (expected: an order without a circle",
            "/packed.yaml: package: p@1 (expected: none",
            "/loose.yaml: mode: 666 (expected: writable by root only)",
            "/link.yaml: is a link, a folder or a device (expected: a file)")) {
      assertTrue(said.contains(fault), fault + " is not in: " + said);
    }
    assertTrue(status().contains("note     definitions: " + AGENTS + "/web.yaml: 3:8"), status());
    assertEquals(db, pid("db"));
    assertEquals(web, pid("web"));

    machine.run("mv", AGENTS, AGENTS + ".away").expect(0);
    assertTrue(told(1, "reload").contains("agents are left as they are"));
    assertEquals(web, pid("web"));
    machine.run("mv", AGENTS + ".away", AGENTS).expect(0);

    machine.shell("cd " + AGENTS + " && rm -f [!dw]*.yaml && ls").expect(0);
    define("web", "2", ", after: [db]");
    assertEquals("nothing has changed", told(0, "reload"));
    assertFalse(status().contains("definitions:"), status());
    assertEquals(web, pid("web"));
    assertEquals(List.of(), takeLife());
  }

  @Test
  @Order(6)
  void aSidecarThatIsKilledInTheMiddleGoesOn() throws Exception {
    String db = pid("db");
    define("slow", "1", ", ready: {delay: 4s}");
    machine.shell("setsid " + SidecarHost.PROGRAM + " reload >/dev/null 2>&1 &").expect(0);
    Eventually.await(
        SOON, "slow is being started", () -> machine.run("cat", LIFE).output().contains("slow"));
    int before = host.pid();
    machine.run("kill", "-9", Integer.toString(before)).expect(0);
    Eventually.await(SOON, "slow runs", () -> !pid("slow").isEmpty());
    assertNotEquals(before, host.pid());
    assertEquals(List.of("start slow 1"), takeLife());
    assertEquals(db, pid("db"));
    Eventually.await(
        SOON, "what was begun is over", () -> told(0, "reload").equals("nothing has changed"));
    machine.run("rm", AGENTS + "/slow.yaml").expect(0);
    host.sidecar("reload").expect(0);
    assertEquals("", pid("slow"));
  }

  @Test
  @Order(7)
  void aBootStartsThemInTheirOrder() throws Exception {
    machine.reboot();
    machine.unplug();
    Eventually.await(SOON, "web runs", () -> !pid("web").isEmpty());
    assertEquals(List.of("start db 1", "start web 2"), takeLife());
  }

  @Test
  @Order(8)
  void aServerThatComesLaterSeesTheAgentsAndTellsThemNothing() throws Exception {
    machine.plugIn();
    String web = pid("web");
    try (ControlPlane server = new ControlPlane(folder)) {
      host.enroll(server);
      server.await("alone", Host.Status.online);
      CommandLine commandLine = server.commandLine();
      Eventually.await(
          SOON,
          "the server has adopted them",
          () -> commandLine.run("agent", "list", "--all").out().contains("web"));
      CommandLine.Result stop = commandLine.run("agent", "stop", "web", "--all");
      assertEquals(1, stop.status(), stop::screen);
      assertTrue(
          stop.screen().contains("is defined on the host, in " + AGENTS + "/web.yaml"),
          stop::screen);
      assertEquals(web, pid("web"));

      define("web", "3", ", after: [db]");
      host.sidecar("reload").expect(0);
      Eventually.await(
          SOON,
          "the server knows the new definition",
          () ->
              commandLine
                  .run("agent", "show", "web", "--host", "alone")
                  .out()
                  .contains("start web 3"));
      machine.run("rm", AGENTS + "/web.yaml").expect(0);
      host.sidecar("reload").expect(0);
      Eventually.await(
          SOON,
          "the server has forgotten it",
          () -> !commandLine.run("agent", "list", "--all").out().contains("web"));
    }
  }
}
