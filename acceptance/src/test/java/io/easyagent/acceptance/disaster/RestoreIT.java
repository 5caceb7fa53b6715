package io.easyagent.acceptance.disaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is lost and comes back from a backup; meanwhile the fleet went on. */
final class RestoreIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void theFleetComesBackWithWhatTheBackupDoesNotKnow() throws Exception {
    Vault vault = new Vault(folder);
    try (SidecarHost known = SidecarHost.bootInstalled("serv-known");
        SidecarHost unknown = SidecarHost.bootInstalled("serv-unknown");
        ControlPlane server = new ControlPlane(folder)) {
      join(known, "serv-known", server);
      install(server, "before", 10_001);
      install(server, "gone", 10_003);

      Path backup = vault.backup(server.data(), "nightly");
      install(server, "after", 10_002);
      server.commandLine().run("agent", "uninstall", "gone", "--host", "serv-known").expect(0);
      join(unknown, "serv-unknown", server);
      String before = pid(known, 10_001);
      String after = pid(known, 10_002);

      server.kill();
      vault.run(0, "restore", backup.toString(), "--data", server.data().toString(), "--replace");
      server.startAgain();

      server.await("serv-known", Host.Status.online);
      CommandLine operator = server.commandLine();
      Eventually.await(
          PATIENCE,
          "the agent that the backup does not know is adopted",
          () -> operator.run("agent", "list").out().contains("after"));
      assertTrue(operator.run("agent", "list").out().contains("gone"), "the backup knows it");
      operator.run("agent", "uninstall", "gone", "--host", "serv-known").expect(0);
      assertFalse(operator.run("agent", "list").out().contains("gone"));
      operator.run("agent", "restart", "before", "--host", "serv-known").expect(0);
      assertEquals(after, pid(known, 10_002), "nobody touched it");
      assertTrue(!before.equals(pid(known, 10_001)), "it was restarted by the restored server");

      server.await("serv-unknown", Host.Status.pending);
      operator.run("host", "approve", "serv-unknown").expect(0);
      server.await("serv-unknown", Host.Status.online);
      operator.run("exec", "--host", "serv-unknown", "--", "/bin/true").expect(0);
    }
  }

  private static void join(SidecarHost host, String name, ControlPlane server) throws Exception {
    host.enroll(server);
    host.start();
    server.await(name, Host.Status.online);
  }

  private void install(ControlPlane server, String name, int seconds) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            "name: %s\nuser: nobody\ncommand: [/bin/sleep, \"%d\"]\nstop: {grace: 1s}\n"
                .formatted(name, seconds));
    server
        .commandLine()
        .run("agent", "install", "-f", file.toString(), "--host", "serv-known", "--start")
        .expect(0);
  }

  /** The process of an agent, by the seconds that it sleeps. */
  private static String pid(SidecarHost host, int seconds) throws Exception {
    return host.host().run("pgrep", "-fx", "/bin/sleep " + seconds).expect(0).output().strip();
  }
}
