package io.easyagent.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @Test
  void linksAreNeitherCountedNorFollowed(@TempDir Path folder) throws Exception {
    Path outside = Files.writeString(folder.resolve("outside"), "12345");
    Path inside = Files.createDirectories(folder.resolve("tree/inner")).getParent();
    Files.writeString(inside.resolve("one"), "123");
    Files.writeString(inside.resolve("inner/other"), "1234");
    Files.createSymbolicLink(inside.resolve("link"), outside);

    assertEquals(7, Folders.bytes(inside));
    Folders.remove(inside);
    Folders.remove(inside);

    assertFalse(Files.exists(inside));
    assertTrue(Files.exists(outside));
  }
}
