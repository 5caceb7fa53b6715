package io.easyagent.acceptance.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar under systemd, while its host runs. */
final class UnitIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path folder;

  private static ControlPlane server;
  private static SidecarHost host;

  @BeforeAll
  static void start() throws Exception {
    server = new ControlPlane(folder);
    host = SidecarHost.boot("unit-a", server);
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    server.close();
  }

  @Test
  void aKilledSidecarIsStartedAgain() throws Exception {
    int before = host.pid();
    assertNotEquals(0, before);
    host.host().run("kill", "-9", Integer.toString(before)).expect(0);
    Eventually.await(
        SOON, "another sidecar", () -> host.pid() != before && host.pid() != 0 && isActive());
  }

  @Test
  void aStoppedUnitIsNoFailure() throws Exception {
    host.systemctl("stop").expect(0);
    assertEquals("inactive", host.property("ActiveState"), host::toString);
    host.systemctl("start").expect(0);
    assertTrue(isActive());
  }

  private static boolean isActive() throws Exception {
    return host.property("ActiveState").equals("active");
  }
}
