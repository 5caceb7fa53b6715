package io.easyagent.acceptance.onboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.CommandLine.Result;
import io.easyagent.api.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code easyagent host add --ssh} to real OpenSSH servers. What fails comes first. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HostAddIT {
  private static final int LAST = Integer.MAX_VALUE;

  @TempDir static Path folder;

  private static SshHost one;
  private static SshHost two;
  private static SshHost three;
  private static Onboarding fleet;
  private static String withKey;
  private static Path known;

  @BeforeAll
  static void start() throws Exception {
    Path identity = folder.resolve("id");
    withKey = "--identity=" + identity;
    Process made =
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", identity.toString())
            .inheritIO()
            .start();
    assertEquals(0, made.waitFor());
    Path authorized = folder.resolve("id.pub");
    one = new SshHost("oper-a", authorized);
    two = new SshHost("oper-b", authorized);
    three = new SshHost("oper-c", authorized);
    known =
        Files.writeString(
            folder.resolve("known_hosts"), one.knownAs() + two.knownAs() + three.knownAs());
    fleet = new Onboarding(folder.resolve("fleet"));
  }

  @AfterAll
  static void close() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {one, two, three, fleet}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static Result add(Path knownHosts, String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("host", "add"));
    all.addAll(List.of(words));
    all.add("--known-hosts=" + knownHosts);
    CommandLine operator = fleet.server.commandLine();
    Result result = operator.run(all.toArray(String[]::new));
    assertFalse(result.screen().contains(SshHost.PASSWORD), result.screen());
    assertFalse(result.screen().contains("eae_"), result.screen());
    assertEquals(
        "0 enrolment tokens\n",
        operator.run("enroll-token", "list").expect(0).out(),
        "no token is left");
    return result;
  }

  private static String password(String password) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "password-", ""), password + "\n")
        .toString();
  }

  @Test
  void aMachineThatIsNotKnownIsRefusedWithItsFingerprint() throws Exception {
    Path empty = Files.writeString(folder.resolve("nobody"), "");

    Result result = add(empty, "--ssh", "root@" + one.address, withKey);

    result.expect(1);
    assertTrue(
        result.out().contains("its host key is not known: ssh-ed25519 " + one.fingerprint()),
        result.screen());
    assertTrue(result.out().contains("--accept-new-host-keys"), result.screen());
    assertEquals("", Files.readString(empty));
    one.assertUntouched();
  }

  @Test
  void aMachineWithAnotherKeyIsRefusedInAnyCase() throws Exception {
    Path wrong =
        Files.writeString(folder.resolve("wrong"), one.address + " " + two.key.strip() + "\n");
    String before = Files.readString(wrong);

    Result result = add(wrong, "--ssh", "root@" + one.address, withKey, "--accept-new-host-keys");

    result.expect(1);
    assertTrue(result.out().contains("another than the known one"), result.screen());
    assertTrue(result.out().contains(one.fingerprint()), result.screen());
    assertTrue(result.out().contains(two.fingerprint()), result.screen());
    assertEquals(before, Files.readString(wrong));
    one.assertUntouched();
  }

  @Test
  void whoIsNotLetInIsTold() throws Exception {
    Path file = Files.writeString(folder.resolve("new"), "");

    Result result =
        add(
            file,
            "--ssh",
            "anna@" + one.address,
            "--password-file",
            password("wrong-horse"),
            "--accept-new-host-keys");

    result.expect(1);
    assertTrue(result.out().contains("not logged in as anna: "), result.screen());
    assertFalse(result.screen().contains("wrong-horse"), result.screen());
    assertTrue(Files.readString(file).contains(one.key.strip()), "the new machine was accepted");
    one.assertUntouched();
  }

  @Test
  void whoIsNotRootNeedsSudo() throws Exception {
    String right = password(SshHost.PASSWORD);
    String place = "@" + one.address;
    Result without = add(known, "--ssh", "anna" + place, "--password-file", right);
    without.expect(1);
    assertTrue(
        without.out().contains("user: anna (expected: root)\n  log in as root, or add --sudo"),
        without.screen());

    Result forbidden = add(known, "--ssh", "carl" + place, "--password-file", right, "--sudo");
    forbidden.expect(1);
    assertTrue(forbidden.out().contains("sudo does not make carl root"), forbidden.screen());

    Result mistyped =
        add(
            known,
            "--ssh",
            "anna" + place,
            "--password-file",
            right,
            "--sudo",
            "--sudo-password-file",
            password("wrong-horse"));
    mistyped.expect(1);
    assertTrue(mistyped.out().contains("sudo does not make anna root"), mistyped.screen());
    one.assertUntouched();
  }

  @Test
  @Order(LAST - 1)
  void oneThatFailsHoldsUpNoOther() throws Exception {
    three.host.shell("echo mine >/usr/local/bin/easyagent-sidecar").expect(0);

    Result result =
        add(
            known,
            "--ssh",
            "root@10.77.0.253",
            "root@" + three.address,
            "anna@" + two.address,
            withKey,
            "--password-file",
            password(SshHost.PASSWORD),
            "--sudo",
            "--label",
            "role=db");

    result.expect(1);
    assertTrue(result.out().startsWith("3 hosts: 1 online, 2 failed\n"), result.screen());
    assertTrue(result.out().contains("FAILED root@10.77.0.253: not reached: "), result.screen());
    assertTrue(
        result
            .out()
            .contains(
                "FAILED root@%s: not installed: /usr/local/bin/easyagent-sidecar: is not of this script"
                    .formatted(three.address)),
        result.screen());
    assertTrue(result.err().contains("ok      anna@" + two.address + ": oper-b is online"));
    Host host = fleet.server.await("oper-b", Host.Status.online);
    assertEquals("db", host.labels().get("role"));
    two.assertNothingLeft();
    three.assertNothingLeft();
    assertEquals(
        List.of("/usr/local/bin/easyagent-sidecar"), Onboarding.found(three.host), "and no more");
    three.host.shell("rm /usr/local/bin/easyagent-sidecar").expect(0);
  }

  @Test
  @Order(LAST)
  void manyBecomeHostsAtOnce() throws Exception {
    Path list =
        Files.writeString(
            folder.resolve("hosts"),
            "# the fleet\nroot@" + two.address + "\n\nroot@" + three.address);

    Result result =
        add(known, "--ssh", "root@" + one.address, "--hosts-file", list.toString(), withKey);

    result.expect(0);
    assertTrue(result.out().startsWith("3 hosts: 3 online\n"), result.screen());
    assertTrue(result.err().contains("was a host of this fleet already"), result.screen());
    for (SshHost each : List.of(one, two, three)) {
      fleet.server.await(each.host.name(), Host.Status.online);
      each.assertNothingLeft();
      assertEquals(
          "enabled",
          each.host.run("systemctl", "is-enabled", "easyagent-sidecar.service").output().strip());
    }
  }
}
