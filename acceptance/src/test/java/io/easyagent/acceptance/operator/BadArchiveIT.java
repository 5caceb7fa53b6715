package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages that are meant to do harm, or came to harm on their way. */
class BadArchiveIT {
  @TempDir static Path folder;

  private static Site site;

  @BeforeAll
  static void open() throws Exception {
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @AfterEach
  void nobodyElseIsHarmed() {
    site.assertUnharmed();
  }

  @Test
  void anAbsolutePath() throws Exception {
    Path target = folder.resolve("absolute-escape");
    refused("absolute", new Archive().file(target.toString(), "x").end(), "absolute");
    assertFalse(Files.exists(target));
  }

  @Test
  void aPathThatClimbsOut() throws Exception {
    refused(
        "climbing",
        new Archive().file("top/fine", "x").file("top/../../../climbed", "x").end(),
        "..");
    try (var found = Files.walk(site.fleet().hostData())) {
      assertFalse(found.anyMatch(path -> path.endsWith("climbed")));
    }
  }

  @Test
  void aLinkThatLeadsOut() throws Exception {
    refused(
        "linking",
        new Archive()
            .file("top/fine", "x")
            .special("top/out", Archive.SYMBOLIC_LINK, "/etc")
            .file("top/out/easyagent-escape", "x")
            .end(),
        "link");
    assertFalse(Files.exists(Path.of("/etc/easyagent-escape")));
    refused(
        "hardlinking",
        new Archive()
            .file("top/fine", "x")
            .special("top/out", Archive.HARD_LINK, "/etc/shadow")
            .end(),
        "link");
  }

  @Test
  void aDevice() throws Exception {
    refused(
        "device",
        new Archive().file("top/fine", "x").special("top/null", Archive.CHARACTER_DEVICE, "").end(),
        "top/null");
  }

  @Test
  void aBomb() throws Exception {
    refused("bomb", new Archive().zeros("top/zeros", 200).end(), "expected: at most");
  }

  @Test
  void noArchiveAtAll() throws Exception {
    Path text = site.file("text.tar.gz", "this is no archive");
    CommandLine.Result refused = site.run("package", "push", text.toString(), "text@1").expect(2);
    assertTrue(refused.err().contains("archive"), refused::screen);
  }

  @Test
  void aChecksumThatDoesNotHold() throws Exception {
    String sha256 = push("tampered", new Archive().file("top/serve", Site.SERVICE).end());
    Path stored = site.fleet().serverData().resolve("packages").resolve(sha256);
    byte[] intact = Files.readAllBytes(stored);
    byte[] tampered = intact.clone();
    tampered[tampered.length / 2] ^= 1;
    Files.write(stored, tampered);

    CommandLine.Result refused = install("tampered").expect(1);
    assertTrue(
        refused.err().contains("sha256") || refused.err().contains("SHA-256"), refused::screen);
    assertNothingOf("tampered");

    Files.write(stored, intact);
    install("tampered").expect(0);
    site.run("agent", "uninstall", "tampered", "--purge", "--all").expect(0);
  }

  @Test
  void aDownloadThatBreaksOffGoesOnWhereItStopped() throws Exception {
    byte[] noise = new byte[6 << 20];
    new Random(1).nextBytes(noise);
    Path source = site.newFolder("large-");
    Files.write(source.resolve("noise"), noise);
    Files.writeString(source.resolve("serve"), Site.SERVICE);
    assertTrue(source.resolve("serve").toFile().setExecutable(true));
    site.run("package", "push", source.toString(), "large@1").expect(0);

    Link link = site.fleet().link();
    long before = link.relayed();
    link.cutAfter(300);
    install("large").expect(0);
    assertTrue(link.isCut(), "the link was not cut");
    long relayed = link.relayed() - before;
    assertTrue(
        relayed < noise.length + (1 << 20),
        "bytes over the link: " + relayed + " (expected: not much more than " + noise.length + ")");
    assertArrayEquals(
        noise, Files.readAllBytes(site.agentFolder("large").resolve("current/noise")));
    site.run("agent", "uninstall", "large", "--purge", "--all").expect(0);
  }

  /** Wherever it is refused, on the server or on the host: nothing of it is left. */
  private static void refused(String name, byte[] archive, String expected) throws IOException {
    Path file = site.newFolder("archive-").resolve(name + ".tar.gz");
    Files.write(file, archive);
    CommandLine.Result pushed = site.run("package", "push", file.toString(), name + "@1");
    CommandLine.Result refused = pushed.status() == 0 ? install(name).expect(1) : pushed.expect(2);
    assertTrue(refused.err().contains(expected), refused::screen);
    assertNothingOf(name);
  }

  private static void assertNothingOf(String name) {
    assertTrue(site.findAgent(name).isEmpty(), name + " is known");
    assertFalse(Files.exists(site.agentFolder(name)), site.agentFolder(name) + " is left");
  }

  private static String push(String name, byte[] archive) throws IOException {
    Path file = site.newFolder("archive-").resolve(name + ".tar.gz");
    Files.write(file, archive);
    return site.run("package", "push", file.toString(), name + "@1", "-o", "json")
        .expect(0)
        .json()
        .path("sha256")
        .asText();
  }

  private static CommandLine.Result install(String name) throws IOException {
    Path definition =
        site.file(
            name + ".yaml",
            """
            name: %s
            package: %s@1
            user: %s
            command: ["{{package}}/serve", "{{data}}"]
            """
                .formatted(name, name, Site.user()));
    return site.run("agent", "install", "-f", definition.toString(), "--all");
  }
}
