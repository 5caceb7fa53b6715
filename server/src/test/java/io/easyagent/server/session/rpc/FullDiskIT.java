package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.Batch;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Targets;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.ProblemException;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.server.Server;
import io.easyagent.server.ServerConfig;
import io.easyagent.server.Upkeep;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose disk, a small file system of its own, is really full. Needs root to mount it. */
class FullDiskIT {
  @TempDir private Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", disk.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  private Server start() {
    return Server.start(
        new ServerConfig(
            disk.resolve("data"),
            "127.0.0.1",
            0,
            0,
            List.of("127.0.0.1"),
            Duration.ofSeconds(30),
            Duration.ofDays(7),
            Duration.ofMinutes(15),
            1 << 20,
            Optional.empty(),
            Upkeep.USUAL,
            Optional.empty()));
  }

  private EasyAgentClient client(Server server) throws Exception {
    return new EasyAgentClient(
        new ServerConnection(
            URI.create("https://127.0.0.1:" + server.operatorPort()),
            new ServerTrust.Fingerprint(server.fingerprint()),
            Optional.of(Files.readString(disk.resolve("data/admin.token")).strip())));
  }

  @Test
  void aFullDiskIsSaidLosesNothingAndIsOverWhenThereIsRoom() throws Exception {
    Set<UUID> accepted = new HashSet<>();
    try (Server server = start();
        EasyAgentClient client = client(server)) {
      var token =
          client.createEnrollToken(
              new EnrollTokenRequest(
                  Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
      FakeHost.enrol(server.hostPort(), token.token().orElseThrow(), "web-1").close();
      accepted.add(client.submit(script(0)).id());
      Path filler = fill();

      ProblemException refused = submitUntilRefused(client, accepted);

      assertEquals(507, refused.problem().status());
      assertEquals("storage-full", refused.problem().code());
      assertTrue(refused.problem().retryable());
      assertEquals(accepted, batches(client), "what was accepted is there, what was refused not");
      assertEquals("web-1", client.host("web-1").name());

      Files.delete(filler);
      accepted.add(client.submit(script(1_000)).id());
      assertEquals(accepted, batches(client));
    }
    try (Server server = start();
        EasyAgentClient client = client(server)) {
      assertEquals(accepted, batches(client), "also after a restart");
    }
  }

  /** Takes all the room that is left. */
  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    try (OutputStream stream = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      while (disk.toFile().getUsableSpace() > 0) {
        stream.write(block);
      }
    }
    return filler;
  }

  /** The store may still have room in the files that it has. */
  private static ProblemException submitUntilRefused(EasyAgentClient client, Set<UUID> accepted) {
    for (int i = 1; i < 500; i++) {
      try {
        accepted.add(client.submit(script(i)).id());
      } catch (ProblemException refused) {
        return refused;
      }
    }
    throw new AssertionError("never full");
  }

  private static Set<UUID> batches(EasyAgentClient client) {
    Set<UUID> ids = new HashSet<>();
    for (Batch batch : client.batches()) {
      ids.add(batch.id());
    }
    return ids;
  }

  /** Large, and different each time: equal commands are stored once. */
  private static BatchRequest script(int number) {
    return new BatchRequest(
        Command.script("# " + number + "\n" + "x".repeat(100_000)),
        new Targets(Optional.empty(), Optional.empty(), Optional.of(true)),
        Optional.empty(),
        Optional.empty());
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }
}
