package io.easyagent.cli.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.cli.session.CommandException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderArchiveTest {
  private static final String LONG = "a-folder-with-a-long-name-".repeat(3);

  @TempDir private Path home;

  private static byte[] pack(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FolderArchive.pack(folder, "filebeat-1", bytes);
    return bytes.toByteArray();
  }

  private Path folder(String name) throws IOException {
    Path folder = Files.createDirectories(home.resolve(name));
    Files.createDirectories(folder.resolve("lib").resolve(LONG));
    Files.writeString(folder.resolve("lib").resolve(LONG).resolve("contents-of-it.txt"), "x");
    Files.writeString(folder.resolve("run.sh"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        folder.resolve("run.sh"), PosixFilePermissions.fromString("rwx------"));
    Files.write(folder.resolve("empty"), new byte[0]);
    Files.createSymbolicLink(folder.resolve("lib/run"), Path.of("../run.sh"));
    return folder;
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws IOException {
    Path one = folder("one");
    Path other = folder("other");
    Files.setLastModifiedTime(
        other.resolve("run.sh"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    assertArrayEquals(pack(one), pack(other));
  }

  /** The system's own tar is the witness. */
  @Test
  void tarReadsIt() throws IOException, InterruptedException {
    Path archive = Files.write(home.resolve("a.tar.gz"), pack(folder("one")));
    String listing = run("tar", "--numeric-owner", "--full-time", "-tvzf", archive.toString());
    assertEquals(
        """
        drwxr-xr-x 0/0 0 1970-01-01 00:00:00 filebeat-1/
        -rw-r--r-- 0/0 0 1970-01-01 00:00:00 filebeat-1/empty
        drwxr-xr-x 0/0 0 1970-01-01 00:00:00 filebeat-1/lib/
        drwxr-xr-x 0/0 0 1970-01-01 00:00:00 filebeat-1/lib/%1$s/
        -rw-r--r-- 0/0 1 1970-01-01 00:00:00 filebeat-1/lib/%1$s/contents-of-it.txt
        lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 filebeat-1/lib/run -> ../run.sh
        -rwxr-xr-x 0/0 10 1970-01-01 00:00:00 filebeat-1/run.sh
        """
            .formatted(LONG),
        listing.replaceAll(" +", " "));
    Path unpacked = Files.createDirectory(home.resolve("unpacked"));
    run("tar", "-xzf", archive.toString(), "-C", unpacked.toString());
    assertEquals("#!/bin/sh\n", Files.readString(unpacked.resolve("filebeat-1/lib/run")));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("TZ", "UTC");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void whatAPackageCannotHoldIsRefused() throws IOException {
    for (String target : new String[] {"/nowhere", "../../outside"}) {
      Path folder = Files.createTempDirectory(home, "bad");
      Files.createSymbolicLink(folder.resolve("link"), Path.of(target));
      CommandException thrown = assertThrows(CommandException.class, () -> pack(folder));
      assertTrue(thrown.getMessage().contains("a link to " + target), thrown.getMessage());
    }
    Path folder = Files.createTempDirectory(home, "long");
    Files.writeString(folder.resolve("n".repeat(120)), "x");
    assertTrue(
        assertThrows(CommandException.class, () -> pack(folder))
            .getMessage()
            .contains("too long a path"));
  }
}
