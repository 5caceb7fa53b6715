package io.easyagent.acceptance.onboarding;

import static io.easyagent.acceptance.onboarding.Onboarding.paste;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.Distribution;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way back, with agents that run. */
final class UninstallIT {
  private static final String NAME = "onbo-leaves";

  @TempDir static Path folder;

  @Test
  void agentsStayOrGoAsItWasSaid() throws Exception {
    try (RealHost host = RealHost.boot(NAME);
        Onboarding fleet = new Onboarding(folder)) {
      String command = fleet.command("--uses", "2");
      paste(host, command).expect(0);
      Host first = fleet.server.await(NAME, Host.Status.online);
      startAgent(fleet);
      String pid = agent(host);
      assertNotEquals("", pid);

      String kept = uninstall(host, "--keep-agents").expect(0).output();

      assertTrue(kept.contains("the agents run on"), kept);
      assertTrue(kept.contains("left: /var/lib/easyagent-sidecar"), kept);
      assertEquals(
          List.of("/etc/easyagent-sidecar", "/var/lib/easyagent-sidecar"), Onboarding.found(host));
      assertEquals(pid, agent(host));

      String again = paste(host, command).expect(0).output();

      assertTrue(again.contains("enrolled with this fleet already"), again);
      assertEquals(first.id(), fleet.server.await(NAME, Host.Status.online).id());
      assertEquals(pid, agent(host), "adopted, not started a second time");

      String gone = uninstall(host).expect(0).output();

      assertTrue(gone.contains("the agents are stopped"), gone);
      assertEquals("", agent(host));
      assertEquals(
          "stopped in order\n",
          host.shell("cat /var/lib/easyagent-sidecar/agents/clerk/data/end").output());
      assertEquals(
          "inactive", host.run("systemctl", "is-active", SidecarHost.SCOPE).output().strip());

      paste(host, command).expect(0);
      String purged = uninstall(host, "--purge").expect(0).output();

      assertTrue(purged.contains("nothing is left here"), purged);
      Onboarding.assertUntouched(host);
      String nothing =
          host.run(Distribution.sidecar().resolve("install.sh").toString(), "--uninstall")
              .expect(0)
              .output();
      assertTrue(nothing.contains("nothing of the sidecar is on this machine"), nothing);
    }
  }

  private static RealHost.Result uninstall(RealHost host, String... words) throws Exception {
    String[] command = new String[words.length + 2];
    command[0] = "/opt/easyagent-sidecar/current/install.sh";
    command[1] = "--uninstall";
    System.arraycopy(words, 0, command, 2, words.length);
    return host.run(command);
  }

  private static void startAgent(Onboarding fleet) throws Exception {
    Path definition = folder.resolve("clerk.yaml");
    Files.writeString(
        definition,
        """
        name: clerk
        user: nobody
        command:
          - /bin/sh
          - -c
          - "trap 'echo stopped in order >{{data}}/end; exit' USR1; while :; do sleep 0.1; done"
        stop: {signal: USR1, grace: 10s}
        """);
    fleet.server.commandLine().run("apply", "-f", definition.toString(), "--host", NAME).expect(0);
  }

  /** The agent's process; empty when there is none. */
  private static String agent(RealHost host) throws Exception {
    return host.run("pgrep", "-f", "stopped in orde[r]").output().strip();
  }
}
