package io.easyagent.acceptance.disaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One fleet whose server is moved by a backup and a restore; its host is a real one throughout. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LostServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SLEEPER =
      "name: %s\nuser: nobody\ncommand: [/bin/sleep, \"%d\"]\nstop: {grace: 1s}\n";

  @TempDir static Path folder;

  private static Vault vault;
  private static Path configuration;
  private static ControlPlane server;
  private static SidecarHost host;

  @BeforeAll
  static void start() throws Exception {
    vault = new Vault(folder);
    configuration = Files.writeString(folder.resolve("server.yaml"), "drainTimeout: 5s\n");
    server = new ControlPlane(folder.resolve("first"), "--config", configuration.toString());
    host = SidecarHost.boot("serv-a", server);
    install("before", 10_001);
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    server.close();
  }

  private static void install(String name, int seconds) throws Exception {
    Path file = Files.writeString(folder.resolve(name + ".yaml"), SLEEPER.formatted(name, seconds));
    server
        .commandLine()
        .run("agent", "install", "-f", file.toString(), "--host", "serv-a", "--start")
        .expect(0);
  }

  /** The process of an agent, by the seconds that it sleeps. */
  private static String pid(int seconds) throws Exception {
    return host.host().run("pgrep", "-fx", "/bin/sleep " + seconds).expect(0).output().strip();
  }

  @Test
  @Order(1)
  void hostsFollowAServerThatMovesToAnAnnouncedAddress() throws Exception {
    String sleeping = pid(10_001);
    int port = FreePorts.one();
    Files.writeString(
        configuration, "announcedAddresses: [\"%s:%d\"]\n".formatted(RealHost.MACHINE, port));
    server.stop();
    server.startAgain();
    server.await("serv-a", Host.Status.online);
    Eventually.await(
        PATIENCE,
        "the host keeps the announced address",
        () ->
            host.host()
                .run("cat", SidecarHost.DATA + "/server-addresses")
                .output()
                .endsWith("\n" + RealHost.MACHINE + ":" + port + "\n"));

    server.stop();
    Path second = folder.resolve("second");
    vault.restore(
        vault.backup(server.data(), "moved"), Files.createDirectories(second).resolve("server"));
    server = new ControlPlane(second, "--host-port", Integer.toString(port));

    server.await("serv-a", Host.Status.online);
    assertEquals(sleeping, pid(10_001), "the agent was not touched");
    server.commandLine().run("exec", "--host", "serv-a", "--", "/bin/true").expect(0);
    // And it is where the host looks first after a restart of its own.
    host.systemctl("restart").expect(0);
    server.await("serv-a", Host.Status.online);
  }

  @Test
  @Order(2)
  void aBackupIsRefusedWhenItIsDamagedOrOfTheWrongPassphrase() throws Exception {
    Path backup = vault.backup(server.data(), "damaged");
    byte[] bytes = Files.readAllBytes(backup);
    bytes[bytes.length / 2] ^= 1;
    Files.write(backup, bytes);
    String said = vault.run(1, "restore", backup.toString(), "--check");
    assertTrue(said.contains("was changed at byte"), said);
    assertTrue(
        vault
            .run(1, "restore", backup.toString(), "--data", server.data().toString(), "--replace")
            .contains("in use by another server"));
  }
}
