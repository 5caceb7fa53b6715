package io.easyagent.sidecar.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real files: who may have written them. Files of root's are made here, and so root is needed. */
@Timeout(60)
class PolicyFileIT {
  private static final int SOMEBODY = 12345;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    assertEquals(0, Files.getAttribute(Path.of("/proc/self"), "unix:uid"), "run as root");
    file = folder.resolve("policy.yaml");
    Files.writeString(file, "exec: false\n");
  }

  private PolicySource.State read() {
    return PolicyFile.at(Optional.of(file)).current();
  }

  private String unusable() {
    return read() instanceof PolicySource.State.Unusable(String reason) ? reason : "usable";
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void owner(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean exec(PolicySource source) {
    return source.current() instanceof PolicySource.State.InForce(Policy policy) && policy.exec();
  }

  @Test
  void aFileOfRootsIsInForce() {
    assertFalse(exec(PolicyFile.at(Optional.of(file))));
    assertEquals("usable", unusable());
  }

  @Test
  void aChangeHoldsFromTheNextQuestionOn() throws Exception {
    PolicyFile source = PolicyFile.at(Optional.of(file));
    assertFalse(exec(source));
    Files.writeString(file, "exec: true \n");
    assertTrue(exec(source));
    Files.writeString(file, "exec: maybe\n");
    assertEquals(
        new PolicySource.State.Unusable(file + ":1: exec: maybe (expected: true or false)"),
        source.current());
    Files.writeString(file, "exec: false\n");
    assertFalse(exec(source));
  }

  @Test
  void nobodyButRootMayHaveWrittenIt() throws Exception {
    owner(file, SOMEBODY);
    assertEquals(file + ": owner: uid 12345 (expected: root)", unusable());
    owner(file, 0);
    mode(file, "rw-rw-r--");
    assertEquals(file + ": mode: 664 (expected: writable by root only)", unusable());
    mode(file, "rw-r---w-");
    assertEquals(file + ": mode: 642 (expected: writable by root only)", unusable());
  }

  @Test
  void nobodyButRootMayExchangeIt() throws Exception {
    mode(folder, "rwxrwxr-x");
    assertEquals(folder.toRealPath() + ": mode: 775 (expected: writable by root only)", unusable());
    mode(folder, "rwxr-xr-x");
    owner(folder, SOMEBODY);
    assertEquals(folder.toRealPath() + ": owner: uid 12345 (expected: root)", unusable());
    owner(folder, 0);
    assertEquals("usable", unusable());
  }

  @Test
  void aLinkInItsPlaceIsNotFollowed() throws Exception {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere.yaml"), "exec: true\n");
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    assertEquals(file + ": is a link, a folder or a device (expected: a file)", unusable());
    Files.delete(elsewhere);
    assertEquals(file + ": is a link, a folder or a device (expected: a file)", unusable());
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void nothingInItsPlaceMakesTheSidecarWait() throws Exception {
    Files.delete(file);
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    assertEquals(file + ": is a link, a folder or a device (expected: a file)", unusable());
    Files.delete(file);
    Files.createDirectory(file);
    assertEquals(file + ": is a link, a folder or a device (expected: a file)", unusable());
  }

  @Test
  void whatIsNoTextOrTooLongIsNotHalfRead() throws Exception {
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertEquals(file + ": is no text (expected: UTF-8)", unusable());
    Files.writeString(file, "# " + "x".repeat(70_000) + "\n");
    assertEquals(file + ": more than 65536 bytes (expected: at most as many)", unusable());
  }

  @Test
  void aFileThatIsNamedMustBeThere() throws Exception {
    Files.delete(file);
    assertEquals(file + ": is not there (expected: the file that sidecar.yaml names)", unusable());
  }

  @Test
  void aHostWithoutTheUsualFileHasNoRules() {
    assertFalse(Files.exists(PolicyFile.USUAL), PolicyFile.USUAL + " is there");
    assertEquals(
        new PolicySource.State.InForce(Policy.USUAL), PolicyFile.at(Optional.empty()).current());
  }
}
