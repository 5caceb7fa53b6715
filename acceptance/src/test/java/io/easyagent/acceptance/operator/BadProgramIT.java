package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.easyagent.acceptance.fleet.CommandLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are not there, run away or never stop talking. */
class BadProgramIT {
  private static final long GIGABYTE = 1L << 30;
  private static final long MOST_ON_DISK = GIGABYTE / 2;

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
  void aCommandThatDoesNotExist() {
    CommandLine.Result refused = site.run("exec", "--all", "--", "/no/such/program").expect(1);
    assertTrue(refused.err().contains("/no/such/program"), refused::screen);
    assertFalse(refused.err().contains("exit 127"), refused::screen);
  }

  @Test
  void anAgentsProgramThatDoesNotExist() throws Exception {
    Path definition = site.definition("absent", Path.of("/no/such/program"));
    CommandLine.Result refused =
        site.run("agent", "install", "--start", "-f", definition.toString(), "--all").expect(1);
    assertTrue(refused.err().contains("/no/such/program"), refused::screen);
    if (site.findAgent("absent").isPresent()) {
      site.run("agent", "uninstall", "absent", "--purge", "--all").expect(0);
    }
    assertFalse(Files.exists(site.agentFolder("absent")), "its folder is left");
  }

  @Test
  void aProgramThatDaemonises() throws Exception {
    Path pid = site.newFolder("daemon-").resolve("pid");
    Path program =
        site.file("daemon.sh", "#!/bin/sh\nsetsid sleep 1000 &\necho $! > " + pid + "\nexit 0\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path definition = site.definition("daemon", program);
    CommandLine.Result refused =
        site.run("agent", "install", "--start", "-f", definition.toString(), "--all");
    assertTrue(
        refused.err().contains("run it in the foreground")
            || site.agent("daemon").cause().contains("run it in the foreground"),
        () -> refused.screen() + "\n" + site.agent("daemon"));
    site.run("agent", "uninstall", "daemon", "--purge", "--all").expect(0);
    int left = Integer.parseInt(Files.readString(pid).strip());
    assertFalse(Site.alive(left), "what ran away is left: " + left);
  }

  @Test
  void aCommandThatPrintsAGigabyte() throws Exception {
    long before = used();
    CompletableFuture<CommandLine.Result> running =
        CompletableFuture.supplyAsync(
            () ->
                site.run(
                    "exec",
                    "--all",
                    "-o",
                    "json",
                    "--",
                    "/bin/sh",
                    "-c",
                    "echo beginning; yes 'a line of the middle' | head -c "
                        + GIGABYTE
                        + "; echo end"),
            task -> Thread.ofPlatform().start(task));
    long most = 0;
    while (!running.isDone()) {
      most = Math.max(most, used() - before);
    }
    CommandLine.Result printed = running.get(1, TimeUnit.MINUTES).expect(0);
    JsonNode output = printed.json().path("items").path(0).path("output");
    assertTrue(output.path("truncated").asBoolean(), "marked as truncated");
    assertEquals(GIGABYTE + "beginning\nend\n".length(), output.path("totalBytes").asLong());
    assertTrue(output.path("head").asText().startsWith("beginning\n"), "its head");
    assertTrue(output.path("tail").asText().endsWith("end\n"), "its tail");
    assertTrue(
        most < MOST_ON_DISK, "bytes on disk: " + most + " (expected: below " + MOST_ON_DISK + ")");
  }

  /** What the host's files take on disk, in bytes; a file with holes takes less than its size. */
  private static long used() throws IOException {
    Process usage =
        new ProcessBuilder("du", "-sk", site.fleet().hostData().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String kibibytes = new String(usage.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(kibibytes.substring(0, kibibytes.indexOf('\t'))) << 10;
  }
}
