package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server and host on small file systems of their own, filled to the last byte. Needs root. */
class FullDiskIT {
  @TempDir static Path folder;

  private static Site site;

  @BeforeAll
  static void open() throws Exception {
    for (String part : new String[] {"server", "host"}) {
      Path point = Files.createDirectory(folder.resolve(part));
      shell("mount", "-t", "tmpfs", "-o", "size=64m,mode=0700", "easyagent-test", point.toString());
    }
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    try {
      site.close();
    } finally {
      for (String part : new String[] {"server", "host"}) {
        shell("umount", "-l", folder.resolve(part).toString());
      }
    }
  }

  private static void shell(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", words) + " (run as root?): " + said);
  }

  @AfterEach
  void nobodyElseIsHarmed() {
    site.assertUnharmed();
  }

  @Test
  void theHostHasNoRoom() throws Exception {
    String source = noise(4);
    site.run("package", "push", source, "roomy@1").expect(0);
    Path definition =
        site.file(
            "roomy.yaml",
            """
            name: roomy
            package: roomy@1
            user: %s
            command: ["{{package}}/serve", "{{data}}"]
            """
                .formatted(Site.user()));
    Path filler = fill(site.fleet().hostData());
    CommandLine.Result refused =
        site.run("agent", "install", "--start", "-f", definition.toString(), "--all").expect(1);
    assertTrue(refused.err().contains("disk full"), refused::screen);
    assertFalse(Files.exists(site.agentFolder("roomy").resolve("current")), "half an agent");
    Files.delete(filler);
    site.run("agent", "install", "--start", "-f", definition.toString(), "--all").expect(0);
    site.pid("roomy");
    site.run("agent", "uninstall", "roomy", "--purge", "--all").expect(0);
  }

  @Test
  void theServerHasNoRoom() throws Exception {
    String source = noise(4);
    Path filler = fill(site.fleet().serverData());
    CommandLine.Result push = site.run("package", "push", source, "late@1").expect(1);
    assertTrue(push.err().contains("the server's disk is full"), push::screen);
    CommandLine.Result accepted = site.run("exec", "--all", "--", "/bin/echo", "no room");
    while (accepted.status() == 0) {
      // The log of the store has some room of its own; once it is used, nothing more is accepted.
      accepted = site.run("exec", "--all", "--", "/bin/sh", "-c", "yes | head -c 60000");
    }
    CommandLine.Result refused = accepted.expect(1);
    assertTrue(refused.err().contains("the server's disk is full"), refused::screen);
    site.run("host", "list").expect(0);

    Files.delete(filler);
    site.run("package", "push", source, "late@1").expect(0);
    site.run("package", "remove", "late@1").expect(0);
  }

  private static String noise(int mebibytes) throws IOException {
    Path source = site.newFolder("noise-");
    byte[] noise = new byte[mebibytes << 20];
    new Random(2).nextBytes(noise);
    Files.write(source.resolve("noise"), noise);
    Path program = Files.writeString(source.resolve("serve"), Site.SERVICE);
    assertTrue(program.toFile().setExecutable(true));
    return source.toString();
  }

  /** Takes all the room that is left there. */
  private static Path fill(Path place) throws IOException {
    Path filler = place.resolve("filler");
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertTrue(Files.getFileStore(place).getUsableSpace() < block.length, "room is left");
      return filler;
    }
  }
}
