package io.easyagent.sidecar.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("a.key");
  }

  private void requireAlone(String text) throws IOException {
    assertEquals(text, Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void isItsOwnersAloneAlsoInThePlaceOfOneThatWasNot() throws IOException {
    PrivateFile.replace(file, "one\n");
    requireAlone("one\n");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    PrivateFile.replace(file, "zwölf\n");
    requireAlone("zwölf\n");
  }

  @Test
  void whatALinkPointsToStaysAsItIs() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "other");
    Files.createSymbolicLink(file, other);
    Files.createSymbolicLink(folder.resolve("a.key.new"), other);

    PrivateFile.replace(file, "one\n");

    assertEquals("other", Files.readString(other));
    Files.delete(other);
    requireAlone("one\n");
  }
}
