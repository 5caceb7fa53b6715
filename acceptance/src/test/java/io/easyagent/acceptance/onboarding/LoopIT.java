package io.easyagent.acceptance.onboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine without systemd: process 1, in namespaces of its own inside of a real host, is a System
 * V init that is reduced to starting and stopping what its run levels name.
 */
final class LoopIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String NAME = "onbo-loop";

  @TempDir static Path folder;

  private static RealHost host;
  private static Onboarding fleet;

  @BeforeAll
  static void start() throws Exception {
    host = RealHost.boot(NAME);
    fleet = new Onboarding(folder);
    host.runWithInput(
            """
            #!/bin/sh
            mount -t tmpfs tmpfs /run
            trap 'for each in /etc/rc0.d/K*; do RUNLEVEL=0 "$each" stop; done; exit' TERM
            for each in /etc/rc2.d/S*; do [ ! -x "$each" ] || "$each" start; done
            while :; do sleep 0.2; done
            """,
            "sh",
            "-c",
            "mkdir /root/sbin; cat >/root/sbin/init; chmod 755 /root/sbin/init; rm -f /etc/rc?.d/*")
        .expect(0);
    powerOn();
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    fleet.close();
  }

  private static void powerOn() throws Exception {
    host.shell(
            "setsid unshare --mount --pid --fork --mount-proc --kill-child /root/sbin/init"
                + " </dev/null >/root/console 2>&1 &")
        .expect(0);
    Eventually.await(
        SOON, "the machine is up", () -> inside("test ! -e /run/systemd").status() == 0);
  }

  private static void powerOff() throws Exception {
    host.shell("kill -TERM $(pgrep -x init)").expect(0);
    Eventually.await(
        SOON, "the machine is off", () -> host.run("pgrep", "-x", "init").status() != 0);
  }

  private static RealHost.Result inside(String line) throws Exception {
    return insideWithInput("", "sh", "-c", line);
  }

  private static RealHost.Result insideWithInput(String input, String... words) throws Exception {
    String[] command = new String[words.length + 3];
    command[0] = "sh";
    command[1] = "-c";
    command[2] = "exec nsenter -t $(pgrep -x init) -m -p -r -w -- \"$0\" \"$@\"";
    System.arraycopy(words, 0, command, 3, words.length);
    return host.runWithInput(input, command);
  }

  private static String sidecar() throws Exception {
    return inside("pgrep -f SidecarMai[n]").output().strip();
  }

  @Test
  void theSidecarIsStartedAgainAndAtBootAndLeavesWhenItIsTold() throws Exception {
    String said = insideWithInput(fleet.command(), "bash", "-s").expect(0).output();

    assertTrue(said.contains("there is no systemd on this machine"), said);
    assertTrue(said.contains("it starts at boot: /etc/init.d/easyagent-sidecar"), said);
    Host online = fleet.server.await(NAME, Host.Status.online);

    String pid = sidecar();
    inside("kill -9 " + pid).expect(0);
    Eventually.await(SOON, "another sidecar", () -> !sidecar().isEmpty() && !sidecar().equals(pid));
    assertNotEquals("", sidecar());

    powerOff();
    powerOn();
    Eventually.await(SOON, "a sidecar after boot", () -> !sidecar().isEmpty());
    assertEquals(online.id(), fleet.server.await(NAME, Host.Status.online).id());

    String gone =
        inside("/opt/easyagent-sidecar/current/install.sh --uninstall --purge").expect(0).output();
    assertTrue(gone.contains("nothing is left here"), gone);
    assertEquals("", sidecar());
    Onboarding.assertUntouched(host);
    assertEquals("", inside("ls /etc/rc?.d /etc/init.d | grep easyagent").output());
  }
}
