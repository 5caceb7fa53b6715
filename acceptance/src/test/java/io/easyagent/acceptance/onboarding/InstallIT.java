package io.easyagent.acceptance.onboarding;

import static io.easyagent.acceptance.onboarding.Onboarding.assertUntouched;
import static io.easyagent.acceptance.onboarding.Onboarding.paste;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The printed commands on hosts that know nothing of the fleet. */
final class InstallIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path folder;

  private static RealHost fresh;
  private static Onboarding fleet;

  @BeforeAll
  static void start() throws Exception {
    fresh = RealHost.boot("onbo-fresh");
    fleet = new Onboarding(folder);
  }

  @AfterAll
  static void close() throws Exception {
    fresh.close();
    fleet.close();
  }

  @Test
  void aPastedCommandMakesAHostThatIsBackAfterAReboot() throws Exception {
    String command = fleet.command("--label", "role=web");
    watchProcessesFor(Onboarding.token(command));

    String said = paste(fresh, command).expect(0).output();

    Host host = fleet.server.await("onbo-fresh", Host.Status.online);
    assertEquals("web", host.labels().get("role"));
    assertTrue(said.contains("easyagent: done: connected to "), said);
    assertEquals("enabled", unit("is-enabled"));
    assertEquals("", seenInProcesses(), "the token was an argument or in an environment");
    assertEquals(List.of(), filesWith(Onboarding.token(command)), "the token is on the disk");
    String pid = unitPid();

    String again = paste(fresh, command).expect(0).output();

    assertTrue(again.contains("is installed already"), again);
    assertTrue(again.contains("the token was not used"), again);
    assertEquals(pid, unitPid());

    fresh.reboot();
    Host back = fleet.server.await("onbo-fresh", Host.Status.online);
    assertEquals(host.id(), back.id());
    assertEquals("active", unit("is-active"));
  }

  private static String unit(String verb) throws Exception {
    return fresh.run("systemctl", verb, SidecarHost.UNIT).output().strip();
  }

  private static String unitPid() throws Exception {
    return fresh.run("systemctl", "show", "-P", "MainPID", SidecarHost.UNIT).output().strip();
  }

  /** Looks again and again at the arguments and the environment of every process. */
  private static void watchProcessesFor(String token) throws Exception {
    fresh.runWithInput(token + "\nplanted_word\n", "tee", "/root/words").expect(0);
    fresh
        .shell(
            "touch /root/watch; setsid sh -c 'while [ -e /root/watch ]; do"
                + " grep -a -o -h -F -f /root/words /proc/[0-9]*/cmdline /proc/[0-9]*/environ;"
                + " done' </dev/null >/root/seen 2>/dev/null &")
        .expect(0);
    // What cannot see a planted word would see no token either.
    Eventually.await(
        SOON,
        "the watch sees arguments",
        () ->
            fresh
                .shell("env A=planted_word sh -c 'sleep 0.2; cat /root/seen'")
                .output()
                .contains("planted_word"));
  }

  private static String seenInProcesses() throws Exception {
    fresh.run("rm", "/root/watch").expect(0);
    return fresh.shell("grep -v planted_word /root/seen; rm /root/words").output();
  }

  /** Of those that the host has written since it was made. */
  private static List<Path> filesWith(String token) throws Exception {
    try (Stream<Path> files = Files.walk(fresh.disk())) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> contains(file, token))
          .toList();
    }
  }

  private static boolean contains(Path file, String token) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(token);
    } catch (NoSuchFileException gone) {
      return false;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void theOfflineFormNeedsOnlyThePortForHosts() throws Exception {
    try (RealHost host = RealHost.boot("onbo-offline")) {
      host.shell(
              "nft add table inet t && nft 'add chain inet t o {type filter hook output priority 0;}'"
                  + " && nft add rule inet t o tcp dport "
                  + fleet.server.operatorPort()
                  + " reject with tcp reset")
          .expect(0);
      String online = paste(host, fleet.command()).expect(1).output();
      assertTrue(online.contains("install.sh: not there"), online);
      assertUntouched(host);

      plantHostileFiles(host);
      String command = fleet.command("--offline").replace("sh " + name(), "sh /tmp/" + name());
      host.run("cp", Onboarding.archive().toString(), "/tmp/" + name()).expect(0);
      // Whoever wants to write there fails from now on.
      host.run("mount", "-o", "remount,ro", "/tmp").expect(0);
      killWhileItUnpacks(host, command);

      host.runWithInput(
              command, "env", "-C", "/tmp", "TMPDIR=/tmp/owned", "CDPATH=/tmp", "bash", "-s")
          .expect(0);

      fleet.server.await("onbo-offline", Host.Status.online);
      assertEquals("", host.shell("ls -d /opt/easyagent-sidecar/.install.* 2>/dev/null").output());
      assertFalse(host.run("ls", "/root/taken").status() == 0, "a planted file was run");
    }
  }

  /** The next run takes away what this one leaves. */
  private static void killWhileItUnpacks(RealHost host, String command) throws Exception {
    host.runWithInput(
            command,
            "sh",
            "-c",
            "cat >/root/command; setsid sh -c 'echo $$ >/root/leader; exec bash /root/command'"
                + " </dev/null >/root/said 2>&1 &")
        .expect(0);
    Eventually.await(
        SOON,
        "it unpacks",
        () ->
            host.shell("ls -d /opt/easyagent-sidecar/.install.*/easyagent-sidecar-*").status()
                == 0);
    host.shell("kill -s KILL -- -$(cat /root/leader)").expect(0);
    assertTrue(
        host.shell("ls -d /opt/easyagent-sidecar/.install.*").status() == 0,
        "it was killed too late");
    host.run("rm", "/root/command").expect(0);
  }

  private static String name() throws Exception {
    return Onboarding.archive().getFileName().toString();
  }

  /** What a user of the host may lay where somebody is known to come by. */
  private static void plantHostileFiles(RealHost host) throws Exception {
    host.shell(
            """
            cd /tmp
            umask 000
            mkdir owned
            for each in install.sh sh tar curl wget sha256sum mktemp head grep basename easyagent-sidecar; do
              printf '#!/bin/sh\\ntouch /root/taken\\n' >$each
              chmod 777 $each
            done
            ln -s /etc/passwd archive.tar.gz
            ln -s /etc easyagent-sidecar-2.0.0-linux-x86_64
            mkfifo owned/install.sh
            chown -hR nobody /tmp/*
            """)
        .expect(0);
  }

  @Test
  void anArchiveThatIsNotThePinnedOneIsNotOpened() throws Exception {
    try (RealHost host = RealHost.boot("onbo-archive")) {
      String folderInside = name().replace(".tar.gz", "");
      host.shell(
              """
              mkdir -p /tmp/%1$s && cd /tmp
              printf '#!/bin/sh\\ntouch /root/taken\\n' >%1$s/install.sh
              tar -czf %1$s.tar.gz %1$s
              """
                  .formatted(folderInside))
          .expect(0);
      String command = fleet.command("--offline").replace("sh " + name(), "sh /tmp/" + name());

      String script = paste(host, command).expect(1).output();

      assertTrue(script.contains("not the one that is pinned"), script);
      assertFalse(host.run("ls", "/root/taken").status() == 0, "another script was run");

      host.shell(
              """
              cd /tmp && mkdir -p %1$s/bin
              tar -xzf %2$s %1$s/install.sh
              printf '#!/bin/sh\\ntouch /root/taken\\n' >%1$s/bin/easyagent-sidecar
              chmod 755 %1$s/bin/easyagent-sidecar
              tar -czf %1$s.tar.gz %1$s
              """
                  .formatted(folderInside, Onboarding.archive()))
          .expect(0);

      String archive = paste(host, command).expect(1).output();

      assertTrue(archive.contains("(expected: "), archive);
      assertTrue(archive.contains("nothing is left behind"), archive);
      assertFalse(host.run("ls", "/root/taken").status() == 0, "another program was run");
      assertUntouched(host);
    }
  }
}
