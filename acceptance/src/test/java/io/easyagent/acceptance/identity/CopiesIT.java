package io.easyagent.acceptance.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One identity on two machines, an older disk in the same machine, and a server that is lost. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CopiesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String NAME = "iden-a";
  private static final String CLONE = "iden-b";

  @TempDir private static Path folder;
  private static RealHost host;
  private static SidecarHost sidecar;
  private static ControlPlane server;
  private static CommandLine operator;
  private static String id;

  @BeforeAll
  static void anEnrolledHost() throws Exception {
    sidecar = SidecarHost.bootInstalled(NAME);
    host = sidecar.host();
    server = new ControlPlane(folder.resolve("first"));
    operator = server.commandLine();
    sidecar.enroll(server);
    sidecar.start();
    id = server.await(NAME, Host.Status.online).id().toString();
  }

  @AfterAll
  static void end() throws Exception {
    try (SidecarHost closed = sidecar;
        ControlPlane stopped = server) {
      assertTrue(closed != null && stopped != null);
    }
  }

  /** Appends a line to a file of the host's, so that each run is seen. */
  private static String mark(String file, String... more) {
    CommandLine.Result marked =
        operator.run(
            concatenated(
                new String[] {"exec", "--host", id, "-o", "json"},
                more,
                new String[] {"--", "/bin/sh", "-c", "echo ran >> " + file}));
    return marked.screen();
  }

  private static String[] concatenated(String[]... parts) {
    return Arrays.stream(parts).flatMap(Arrays::stream).toArray(String[]::new);
  }

  private static long runs(RealHost on, String file) throws Exception {
    return on.shell("cat " + file + " 2>/dev/null").output().lines().count();
  }

  private static JsonNode shown() {
    return operator.run("host", "show", id, "-o", "json").expect(0).json();
  }

  private static void awaitStatus(String status) {
    Eventually.await(PATIENCE, status, () -> shown().path("status").asText().equals(status));
  }

  private static void awaitRuns(RealHost on, String file, long count) {
    Eventually.await(PATIENCE, file + " has " + count, () -> runs(on, file) == count);
  }

  @Test
  @Order(1)
  void aClonedMachineIsFoundShownAndDecidedOn() throws Exception {
    Path image = folder.resolve("image");
    host.cutPower();
    host.saveDisk(image);
    host.switchOn();
    server.await(NAME, Host.Status.online);
    try (RealHost clone = RealHost.bootFrom(image, CLONE)) {
      SidecarHost copy = SidecarHost.on(clone);
      awaitStatus("conflicted");
      JsonNode copies = shown().path("copies");
      assertEquals(NAME, copies.path(0).path("hostName").asText(), copies.toString());
      assertEquals(CLONE, copies.path(1).path("hostName").asText(), copies.toString());
      assertEquals(host.address(), copies.path(0).path("address").asText());
      assertEquals(clone.address(), copies.path(1).path("address").asText());
      String screen = operator.run("host", "show", id).expect(0).out();
      assertTrue(screen.contains("easyagent host resolve"), screen);
      String asked = operator.run("host", "resolve", id).expect(2).screen();
      assertTrue(asked.contains(clone.address()), asked);
      String nothing = mark("/root/during");
      assertTrue(nothing.contains("conflicted"), nothing);
      Eventually.await(
          PATIENCE,
          "the copy is told",
          () -> copy.sidecar("status").output().contains("easyagent-sidecar reset"));
      assertEquals(0, runs(host, "/root/during") + runs(clone, "/root/during"), "commanded");

      operator.run("host", "resolve", id, "--keep", NAME).expect(0);

      awaitStatus("online");
      mark("/root/during");
      assertEquals(1, runs(host, "/root/during"), "commanded again");
      copy.systemctl("restart").expect(0);
      Eventually.await(
          PATIENCE,
          "the copy is refused",
          () -> copy.sidecar("status").output().contains("an operator decided"));
      assertEquals("online", shown().path("status").asText());
      String busy = copy.sidecar("reset").expect(1).output();
      assertTrue(busy.contains("another sidecar runs"), busy);
      copy.systemctl("stop").expect(0);
      String said = copy.sidecar("reset").expect(0).output();
      assertTrue(said.contains("the identity"), said);
      copy.enroll(server);
      copy.systemctl("start").expect(0);
      Host own = server.await(CLONE, Host.Status.online);
      assertTrue(!own.id().toString().equals(id));
      assertEquals(0, runs(clone, "/root/during"));
      assertEquals("online", shown().path("status").asText());
    }
  }

  @Test
  @Order(2)
  void aDiskThatIsRestoredLosesNothingAndRunsNothingTwice() throws Exception {
    Path snapshot = folder.resolve("snapshot");
    host.cutPower();
    host.saveDisk(snapshot);
    host.switchOn();
    awaitStatus("online");
    mark("/root/before");
    assertEquals(1, runs(host, "/root/before"));
    host.cutPower();
    host.restoreDisk(snapshot);
    mark("/root/after", "--detach");
    host.switchOn();
    awaitStatus("conflicted");
    JsonNode copies = shown().path("copies");
    JsonNode restored = copies.path(copies.size() - 1);
    assertEquals("claiming", restored.path("standing").asText());

    operator.run("host", "resolve", id, "--keep", restored.path("id").asText()).expect(0);

    awaitRuns(host, "/root/after", 1);
    assertEquals(0, runs(host, "/root/before"), "what ran after the snapshot runs no second time");
    assertEquals("online", shown().path("status").asText());
  }

  @Test
  @Order(3)
  void aHostWhoseServerIsLostMovesWithItsAgentsRunning() throws Exception {
    Path definition = folder.resolve("sleeper.yaml");
    Files.writeString(
        definition,
        """
        name: sleeper
        type: service
        user: root
        command: [/bin/sleep, infinity]
        """);
    operator
        .run("agent", "install", "-f", definition.toString(), "--start", "--host", id)
        .expect(0);
    String pid = host.run("pgrep", "-x", "-f", "/bin/sleep infinity").output().strip();
    String refused = sidecar.sidecar("reset").expect(1).output();
    assertTrue(refused.contains("another sidecar runs"), refused);
    server.kill();
    try (ControlPlane next = new ControlPlane(folder.resolve("second"))) {
      String moved = sidecar.enroll(next, "--replace", "--name", "iden-moved").output();
      assertTrue(moved.contains("agents run on"), moved);
      Host host2 = next.await("iden-moved", Host.Status.online);
      assertTrue(!host2.id().toString().equals(id), "another fleet, another host");
      CommandLine there = next.commandLine();
      Eventually.await(
          PATIENCE,
          "adopted",
          () -> there.run("agent", "list", "sleeper").out().contains("running"));
      assertEquals(pid, host.run("pgrep", "-x", "-f", "/bin/sleep infinity").output().strip());

      String again = sidecar.enroll(next, "--replace").output();
      assertTrue(again.contains("the same host with a new certificate"), again);
      Eventually.await(
          PATIENCE,
          "back as itself",
          () ->
              there
                  .run("host", "show", host2.id().toString(), "-o", "json")
                  .json()
                  .path("status")
                  .asText()
                  .equals("online"));
      assertEquals(pid, host.run("pgrep", "-x", "-f", "/bin/sleep infinity").output().strip());
      sidecar.systemctl("stop").expect(0);
      String kept = sidecar.sidecar("reset").expect(1).output();
      assertTrue(kept.contains("agents run") && kept.contains(pid), kept);
      String stopped = sidecar.sidecar("reset", "--stop-agents").expect(0).output();
      assertTrue(stopped.contains("stopped  sleep"), stopped);
      assertEquals(1, host.run("pgrep", "-x", "-f", "/bin/sleep infinity").status());
    }
  }
}
