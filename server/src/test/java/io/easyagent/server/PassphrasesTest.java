package io.easyagent.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.server.backup.BackupException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassphrasesTest {
  @TempDir private Path folder;

  private Path file(String text, String mode) throws Exception {
    Path file = Files.writeString(folder.resolve("passphrase"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }

  private static String message(Path file) {
    return assertThrows(
            BackupException.class,
            () -> new Passphrases(Optional.of(file), InputStream.nullInputStream()).choose())
        .getMessage();
  }

  @Test
  void theFirstLineOfAFileOrOfStandardInput() throws Exception {
    Path file = file("correct höрse battery\r\nmore\n", "rw-------");
    assertEquals(
        "correct höрse battery",
        new String(new Passphrases(Optional.of(file), InputStream.nullInputStream()).choose()));
    assertEquals(
        "from standard input",
        new String(
            new Passphrases(
                    Optional.of(Path.of("-")),
                    new ByteArrayInputStream("from standard input\n".getBytes(UTF_8)))
                .recall()));
  }

  @Test
  void aFileThatOthersReadAndAShortOneAreRefused() throws Exception {
    assertEquals(
        "passphrase file "
            + folder.resolve("passphrase")
            + ": mode rw-r----- (expected: rw-------; others can read it)",
        message(file("correct horse battery\n", "rw-r-----")));
    assertEquals(
        "passphrase: 5 characters (expected: at least 12)", message(file("short\n", "rw-------")));
  }
}
