package io.easyagent.sidecar.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent's user against the removal of its data: what it puts there, and what it exchanges while
 * root removes it. Needs root, and perl for the user's side of the races.
 */
@Timeout(120)
class RemovalAttacksIT {
  private static final int NOBODY = 65534;

  @TempDir Path folder;
  private Path precious;
  private Path data;

  @BeforeEach
  void prepare() throws Exception {
    assertEquals(0, Files.getAttribute(Path.of("/proc/self"), "unix:uid"), "run as root");
    mode(folder, "rwxr-xr-x");
    precious = Files.createDirectory(folder.resolve("precious"));
    Files.writeString(precious.resolve("file"), "precious");
    Files.createDirectories(precious.resolve("inner/deep"));
    mode(precious.resolve("file"), "r--------");
    mode(precious, "r-x------");
    data = Files.createDirectory(folder.resolve("data"));
    Files.setAttribute(data, "unix:uid", NOBODY);
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  /** What the agent's user does, as that user, in its data folder. */
  private Process attack(String perl) throws IOException {
    return new ProcessBuilder(
            "setpriv",
            "--reuid=" + NOBODY,
            "--regid=" + NOBODY,
            "--clear-groups",
            "perl",
            "-e",
            "use strict; use POSIX; my $precious = '%s'; %s".formatted(precious, perl))
        .directory(data.toFile())
        .inheritIO()
        .start();
  }

  private void prepareAs(String perl) throws Exception {
    assertEquals(0, attack(perl).waitFor());
  }

  private void assertUnharmed() throws IOException {
    assertEquals("precious", Files.readString(precious.resolve("file")));
    assertTrue(Files.isDirectory(precious.resolve("inner/deep")));
    assertEquals(0, Files.getAttribute(precious.resolve("file"), "unix:uid"));
    assertEquals(
        "r--------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(precious.resolve("file"))));
    assertEquals(
        "r-x------", PosixFilePermissions.toString(Files.getPosixFilePermissions(precious)));
  }

  private void assertGone() {
    assertFalse(Files.exists(data, LinkOption.NOFOLLOW_LINKS), data + " is there");
  }

  @Test
  void whateverLiesThereIsRemovedAndNothingElse() throws Exception {
    // A hard link needs a file that the user may link: one that everybody may write.
    Path shared = Files.writeString(folder.resolve("shared"), "shared");
    mode(shared, "rw-rw-rw-");
    prepareAs(
        """
        symlink($precious, 'folder') or die; symlink("$precious/file", 'file') or die;
        symlink('/nowhere', 'dangling') or die; symlink('loop', 'loop') or die;
        link("../shared", 'hard') or die;
        mkfifo('fifo', 0600) or die; mkfifo('closed', 0) or die;
        mkdir('locked') or die; mkdir('locked/in') or die; chmod(0, 'locked/in', 'locked') or die;
        mkdir("na\\xffme") or die; mkdir("na\\xffme/\\xfe\\n") or die;
        open(my $f, '>', "na\\xffme/\\x1b[31m") or die;
        mkdir("a\\nb") or die;
        """);
    Process socket =
        attack(
            "use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); bind($s, pack_sockaddr_un('socket')) or die;");
    assertEquals(0, socket.waitFor());
    TreeRemoval.remove(data);
    assertGone();
    assertUnharmed();
    assertEquals("shared", Files.readString(shared));
    assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(shared)));
  }

  @Test
  void aTreeThatIsDeepAndWideIsRemoved() throws Exception {
    prepareAs(
        """
        for my $i (1 .. 20000) { open(my $f, '>', "f$i") or die; }
        for my $i (1 .. 3000) { mkdir('d') or die; chdir('d') or die; }
        """);
    TreeRemoval.remove(data);
    assertGone();
  }

  /** The user exchanges a folder, a link and a FIFO under one name as fast as it can. */
  @Test
  void namesThatChangeMeanwhileLeadNowhere() throws Exception {
    Process attacker =
        attack(
            """
            my $end = time + 4;
            for (my $i = 0; time < $end; $i++) {
              mkdir('tree'); mkdir('tree/d'); mkdir('tree/d/in');
              symlink($precious, 'tree/l'); mkfifo('tree/p', 0600);
              for (1 .. 5) {
                for my $name ('d', 'l', 'p') {
                  rename("tree/$name", 'tree/x'); rename('tree/x', "tree/$name");
                }
                rename('tree', 'moved'); symlink($precious, 'tree'); unlink('tree');
                rename('moved', 'tree');
              }
            }
            """);
    int removed = 0;
    while (attacker.isAlive()) {
      try {
        TreeRemoval.remove(data.resolve("tree"));
        removed++;
      } catch (IOException outpaced) {
        // The user may be faster for a while, so that its own folder stays; no more than that.
        continue;
      }
    }
    assertEquals(0, attacker.waitFor());
    assertTrue(removed > 0, "the tree was never removed");
    TreeRemoval.remove(data);
    assertGone();
    assertUnharmed();
  }

  @Test
  void whatIsMountedThereStays() throws Exception {
    Path mounted = Files.createDirectories(data.resolve("a/b"));
    run("mount", "--bind", precious.toString(), mounted.toString());
    try {
      IOException refused = assertThrows(IOException.class, () -> TreeRemoval.remove(data));
      assertEquals(
          "b in " + data + " is mounted (expected: no mounts in what is to be removed)",
          refused.getMessage());
      assertUnharmed();
    } finally {
      run("umount", mounted.toString());
    }
    TreeRemoval.remove(data);
    assertGone();
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
