package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What a failure of the disk says to an operator. */
public final class DiskFailures {
  private DiskFailures() {}

  /** Names the path, and the bytes that are free when the disk is full. */
  public static String explain(IOException failure, HostFolders folders) {
    Path where = folders.data();
    if (failure instanceof FileSystemException named && named.getFile() != null) {
      try {
        where = Path.of(named.getFile());
      } catch (InvalidPathException unusable) {
        where = folders.data();
      }
    }
    return Disk.explain(failure, where);
  }
}
