package io.easyagent.sidecar.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Optional;

/**
 * A folder that is held: whatever its name comes to mean, this stays the one. Opening it changes
 * nothing, never waits (a FIFO or a device in its place is no folder), and follows no link where
 * that is said.
 */
public final class OpenFolder implements AutoCloseable {
  private static final String MOUNT = "mnt_id:";

  private final int descriptor;

  private OpenFolder(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Links are followed: for folders that only the sidecar can change. */
  public static OpenFolder open(Path folder) throws IOException {
    return new OpenFolder(SystemCalls.openFolder(folder));
  }

  /** The folder of this name in this one; empty when the name is something else, or nothing. */
  public Optional<OpenFolder> findBelow(Path name) throws IOException {
    if (name.getNameCount() != 1 || name.isAbsolute()) {
      throw new IllegalArgumentException("name: " + name + " (expected: one name)");
    }
    try {
      return Optional.of(new OpenFolder(SystemCalls.openFolderBelow(descriptor, name)));
    } catch (SystemCallException failure) {
      if (failure.noSuchFolder()) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** Another name of this very folder, as long as it is open. */
  public Path path() {
    return Path.of("/proc/self/fd", Integer.toString(descriptor));
  }

  /** Its entries; what is done to them is done in this very folder. */
  public SecureDirectoryStream<Path> entries() throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path());
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("folders cannot be read by descriptor on this system");
  }

  /** Which mount it lies on: differs also between places that one file system is mounted to. */
  public String mount() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor))).stream()
        .filter(line -> line.startsWith(MOUNT))
        .map(line -> line.substring(MOUNT.length()).strip())
        .findFirst()
        .orElseThrow(() -> new IOException("no " + MOUNT + " of an open folder"));
  }

  @Override
  public void close() throws IOException {
    SystemCalls.close(descriptor);
  }
}
