package io.easyagent.sidecar.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemovalTest {
  @TempDir Path folder;

  @Test
  void followsNoLink() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("folder"), outside);
    Files.createSymbolicLink(tree.resolve("file"), outside.resolve("precious"));
    Files.createSymbolicLink(tree.resolve("nothing"), folder.resolve("none"));
    TreeRemoval.remove(tree);
    assertFalse(Files.exists(tree, LinkOption.NOFOLLOW_LINKS));
    assertEquals("x", Files.readString(outside.resolve("precious")));
  }

  @Test
  void removesALinkItselfWhenThatIsThePath() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), outside);
    TreeRemoval.remove(link);
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(outside));
  }

  @Test
  void removesADeepTree() throws IOException {
    Path tree = folder.resolve("tree");
    Path deep = tree;
    for (int depth = 0; depth < 300; depth++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);
    Files.writeString(deep.resolve("f"), "x");
    TreeRemoval.remove(tree);
    assertFalse(Files.exists(tree));
  }

  @Test
  void removesFoldersThatMayNotBeWrittenTo() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("tree/inner"));
    Files.writeString(inner.resolve("f"), "x");
    Files.setPosixFilePermissions(inner, Disk.permissions(0));
    TreeRemoval.remove(folder.resolve("tree"));
    assertFalse(Files.exists(folder.resolve("tree")));
  }

  @Test
  void isContentWithNothing() throws IOException {
    TreeRemoval.remove(folder.resolve("none"));
    TreeRemoval.remove(folder.resolve("none/below"));
  }
}
