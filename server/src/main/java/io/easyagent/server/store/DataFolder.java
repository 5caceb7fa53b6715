package io.easyagent.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server's folder, held by one server at a time. Only its owner can look into it. */
public final class DataFolder implements AutoCloseable {
  private final Path root;
  private final FileChannel lockFile;

  private DataFolder(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
  }

  /**
   * Makes what is missing of the folder and takes it.
   *
   * @throws IllegalStateException when another server holds it
   */
  public static DataFolder open(Path root) {
    try {
      makePrivate(root);
      makePrivate(root.resolve("ca"));
      makePrivate(root.resolve("packages"));
      FileChannel channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new IllegalStateException(
            "data folder " + root + ": in use by another server (expected: one server for each)");
      }
      return new DataFolder(root, channel);
    } catch (IOException failure) {
      throw new UncheckedIOException("data folder " + root + ": " + failure, failure);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /** Also a folder that was there before: it will hold keys and every secret of the fleet. */
  private static void makePrivate(Path folder) throws IOException {
    Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(ownerOnly));
    } else if (!Files.getPosixFilePermissions(folder).equals(ownerOnly)) {
      Files.setPosixFilePermissions(folder, ownerOnly);
    }
  }

  public Path root() {
    return root;
  }

  public Path database() {
    return root.resolve("server.db");
  }

  public Path certificates() {
    return root.resolve("ca");
  }

  public Path packages() {
    return root.resolve("packages");
  }

  public Path adminToken() {
    return root.resolve("admin.token");
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
