package io.easyagent.sidecar.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** One sidecar per data folder: held from before anything is read until the process ends. */
public final class DataLock implements AutoCloseable {
  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the folder when it is missing: 0755, because agents' users must reach their own folders
   * in it; what is secret has a folder of its own.
   *
   * @throws IOException when another process holds the lock, or the folder cannot be used
   */
  public static DataLock acquire(Path data) throws IOException {
    Files.createDirectories(
        data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path file = data.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException(file + ": another sidecar runs on this data folder");
      }
      return new DataLock(channel);
    } catch (OverlappingFileLockException mine) {
      channel.close();
      throw new IOException(file + ": another sidecar runs on this data folder", mine);
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  /**
   * Whether another process holds the lock at this moment. Not to be asked by the holder: it would
   * lose the lock by it.
   */
  public static boolean isHeld(Path data) throws IOException {
    Path file = data.resolve("lock");
    if (Files.notExists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException mine) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
