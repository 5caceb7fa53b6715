package io.easyagent.acceptance.disaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.Distribution;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The server as its install script leaves it on a real host, under systemd. */
final class ServerServiceIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String UNIT = "easyagent-server";
  private static final String DATA = "/var/lib/easyagent";
  private static final String CONFIGURATION = "/etc/easyagent/server.yaml";

  private static RealHost host;

  @BeforeAll
  static void install() throws Exception {
    host = RealHost.boot("serv-s");
    runInstaller();
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
  }

  private static void runInstaller() throws Exception {
    String said =
        host.run(Distribution.easyagent().resolve("bin/easyagent-server-install").toString())
            .expect(0)
            .output();
    assertTrue(said.contains("first administrator token: /var/lib/easyagent/admin.token"), said);
    // The unit is of type notify: what it says it is, it is already.
    assertEquals("ready\n", readiness());
  }

  private static String readiness() throws Exception {
    return host.shell("curl -sk https://127.0.0.1:8889/readyz").output();
  }

  private static String property(String name) throws Exception {
    return host.run("systemctl", "show", "--property", name, "--value", UNIT)
        .expect(0)
        .output()
        .strip();
  }

  private static void awaitReady() {
    Eventually.await(SOON, "ready", () -> readiness().equals("ready\n"));
  }

  @Test
  void killedItIsBackAndRebootedToo() throws Exception {
    String before = property("MainPID");
    host.run("kill", "-9", before).expect(0);
    Eventually.await(
        SOON,
        "another process",
        () -> !property("MainPID").equals(before) && !property("MainPID").equals("0"));
    awaitReady();
    host.reboot();
    awaitReady();
    assertEquals("active", property("ActiveState"));
  }

  @Test
  void askedToStopItFinishesWhatItBeganAndSaysSoFirst() throws Exception {
    host.shell(
            "mkdir -p /root/p && head -c 3000000 /dev/urandom >/root/p/x && tar -C /root -czf /root/p.tar.gz p")
        .expect(0);
    host.shell(
            "curl -sk -o /root/answer -w '%{http_code}' --limit-rate 500k"
                + " -H \"Authorization: Bearer $(cat "
                + DATA
                + "/admin.token)\" -T /root/p.tar.gz"
                + " https://127.0.0.1:8889/api/v2/packages/p/1 >/root/code 2>/root/error &")
        .expect(0);
    Eventually.await(
        SOON,
        "the upload has begun",
        () -> host.shell("ls " + DATA + "/packages/*.receiving").status() == 0);
    host.run("systemctl", "--no-block", "stop", UNIT).expect(0);
    Eventually.await(SOON, "not ready any more", () -> readiness().equals("not ready\n"));
    Eventually.await(SOON, "stopped", () -> property("ActiveState").equals("inactive"));

    assertEquals("201", host.run("cat", "/root/code").output(), () -> "the upload was cut off");
    assertEquals("success", property("Result"));
    assertEquals("0", property("ExecMainStatus"));
    host.run("systemctl", "start", UNIT).expect(0);
    assertEquals("ready\n", readiness());
  }

  @Test
  void anUnknownKeyIsRefusedByName() throws Exception {
    host.shell("cp " + CONFIGURATION + " /root/good && echo 'hostPrt: 1' >>" + CONFIGURATION)
        .expect(0);
    assertNotEquals(0, host.run("systemctl", "restart", UNIT).status());
    String log = host.run("journalctl", "-u", UNIT, "-n", "20", "-o", "cat").output();
    assertTrue(log.contains("unknown key hostPrt (did you mean hostPort?)"), log);
    host.shell("cat /root/good >" + CONFIGURATION).expect(0);
    host.run("systemctl", "restart", UNIT).expect(0);
    assertEquals("ready\n", readiness());
  }

  @Test
  void theInstallerRunOnceMoreTouchesNeitherDataNorConfiguration() throws Exception {
    Map<String, String> before = fingerprints();
    runInstaller();
    assertEquals(before, fingerprints());
  }

  private static Map<String, String> fingerprints() throws Exception {
    Map<String, String> sums = new TreeMap<>();
    for (String file :
        List.of(
            CONFIGURATION,
            DATA + "/ca/authorities",
            DATA + "/ca/fleet-id",
            DATA + "/admin.token")) {
      sums.put(file, host.run("sha256sum", file).expect(0).output());
    }
    return sums;
  }
}
