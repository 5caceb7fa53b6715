package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.https.Answer;
import io.easyagent.testkit.https.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for sidecars. */
final class SidecarTest {
  private static final String X86 = "easyagent-sidecar-2.1.0-rc.1-linux-x86_64.tar.gz";
  private static final String ARM = "easyagent-sidecar-2.1.0-rc.1-linux-aarch64.tar.gz";

  @TempDir private Path home;
  private CommandLineRun cli;

  @BeforeEach
  void start() {
    cli = new CommandLineRun(home).loggedIn();
    for (String platform : List.of("linux-x86_64", "linux-aarch64")) {
      cli.server.on(
          "PUT /api/v2/packages/easyagent-sidecar-" + platform + "/2.1.0-rc.1",
          Answer.json(
              201,
              """
              {"name":"easyagent-sidecar-%s","version":"2.1.0-rc.1","sha256":"00ff","size":2048,
               "pushedAt":"2026-01-01T00:00:00Z","pushedBy":"anna","signature":"AAAA"}\
              """
                  .formatted(platform)));
    }
  }

  @AfterEach
  void close() {
    cli.close();
  }

  private Path file(String name) throws IOException {
    return Files.writeString(home.resolve(name), "bytes of " + name);
  }

  private static byte[] signature(int fill) {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  private Path signed(String name, int fill) throws IOException {
    Files.write(home.resolve(name + ".sig"), signature(fill));
    return file(name);
  }

  private void refused(String message, String... arguments) {
    assertEquals(2, cli.run(arguments), cli::err);
    assertEquals("error: " + message, cli.err().lines().findFirst().orElse(""));
    assertEquals(List.of(), cli.server.received(), "nothing was sent");
  }

  @Test
  void distributionsArePushedAsTheirNamesSay() throws IOException {
    cli.expect(
        0,
        """
        easyagent-sidecar-linux-x86_64@2.1.0-rc.1  2.0 KiB  sha256 00ff  signed
        easyagent-sidecar-linux-aarch64@2.1.0-rc.1  2.0 KiB  sha256 00ff  signed
        """,
        "",
        "sidecar",
        "push",
        signed(X86, 1).toString(),
        signed(ARM, 2).toString());
    List<Received> pushes = cli.server.received();
    for (int index = 0; index < 2; index++) {
      assertEquals(
          Base64.getEncoder().encodeToString(signature(index + 1)),
          pushes.get(index).header("package-signature").orElseThrow());
    }
    assertEquals("bytes of " + X86, pushes.getFirst().body());
  }

  @Test
  void aSignatureMayLieElsewhere() throws IOException {
    Path elsewhere = Files.write(home.resolve("elsewhere"), signature(3));
    cli.expect(
        0,
        """
        {
          "items" : [ {
            "name" : "easyagent-sidecar-linux-x86_64",
            "version" : "2.1.0-rc.1",
            "sha256" : "00ff",
            "size" : 2048,
            "pushedAt" : "2026-01-01T00:00:00Z",
            "pushedBy" : "anna",
            "signature" : "AAAA"
          } ],
          "total" : 1
        }
        """,
        "",
        "sidecar",
        "push",
        file(X86).toString(),
        "--signature",
        elsewhere.toString(),
        "-o",
        "json");
    assertEquals(
        Base64.getEncoder().encodeToString(signature(3)),
        cli.server.received().getFirst().header("package-signature").orElseThrow());
  }

  @Test
  void whatCouldNotBeUsedIsNotPushedNorWhatIsBesideIt() throws IOException {
    Path good = signed(ARM, 1);
    Path unsigned = file(X86);
    refused(
        unsigned
            + ": not signed, "
            + unsigned
            + ".sig does not exist (expected: its signature, without which no sidecar takes it;"
            + " --signature FILE where it is elsewhere)",
        "sidecar",
        "push",
        good.toString(),
        unsigned.toString());
    Path named = file("sidecar.tar.gz");
    refused(
        named
            + " (expected: a file named easyagent-sidecar-VERSION-PLATFORM.tar.gz, as it was made)",
        "sidecar",
        "push",
        good.toString(),
        named.toString());
    Files.write(home.resolve(X86 + ".sig"), new byte[63]);
    refused(
        unsigned + ".sig: 63 bytes (expected: the 64 bytes of an Ed25519 signature)",
        "sidecar",
        "push",
        unsigned.toString());
    refused(
        "--signature: with 2 files (expected: one, that it is of)",
        "sidecar",
        "push",
        good.toString(),
        unsigned.toString(),
        "--signature",
        named.toString());
    Path missing = home.resolve("easyagent-sidecar-1-linux-x86_64.tar.gz");
    refused(missing + ": no file", "sidecar", "push", missing.toString());
  }

  @Test
  void anotherKeySignsADistributionToo() throws Exception {
    Path key = home.resolve("key.pem");
    assertEquals(
        0,
        new ProcessBuilder("openssl", "genpkey", "-algorithm", "ed25519", "-out", key.toString())
            .start()
            .waitFor());
    Path archive = file(X86);
    cli.expect(
        0,
        archive + ".sig\n",
        "",
        "package",
        "sign",
        archive.toString(),
        "easyagent-sidecar-linux-x86_64@2.1.0-rc.1",
        "--key",
        key.toString());
    assertEquals(0, cli.run("sidecar", "push", archive.toString()), cli::err);
  }

  @Test
  void manyAreAskedAboutWithTheVersion() {
    cli.server.on(
        "POST /api/v2/batches", Answer.json(200, "{\"total\":8000,\"offline\":37,\"hosts\":[]}"));
    assertEquals(2, cli.run("sidecar", "upgrade", "--version", "2.1.0", "--all"));
    assertTrue(
        cli.err()
            .startsWith(
                "error: upgrade-sidecar to 2.1.0 on 8,000 hosts (37 offline): more than 50 hosts,"
                    + " nothing was done"),
        cli.err());
  }

  @Test
  void aFailureSaysWhatTheHostSays() {
    cli.server.on(
        "POST /api/v2/batches",
        Answer.json(202, Samples.batch("upgrade-sidecar", 1, "\"sent\":1", 0, false)));
    cli.server.on(
        "GET /api/v2/batches/" + Samples.BATCH_ID + "/watch",
        Answer.openEvents(
            Samples.event(
                    "operation",
                    Samples.operation(
                        1,
                        "upgrade-sidecar",
                        "web-0002",
                        "failed",
                        ",\"message\":\"rolled back: no session within 60 s\""))
                + Samples.event("end", "{}")));
    cli.server.on(
        "GET /api/v2/batches/" + Samples.BATCH_ID,
        Answer.json(200, Samples.batch("upgrade-sidecar", 1, "\"failed\":1", 0, true)));
    cli.expect(
        1,
        "1/1  failed 1\n",
        """
        batch 9f3c1111  upgrade-sidecar  -l role=web  anna, 10:02:11
        FAILED web-0002: rolled back: no session within 60 s
        """,
        "sidecar",
        "upgrade",
        "--version",
        "2.1.0",
        "--host",
        "web-0002");
  }
}
