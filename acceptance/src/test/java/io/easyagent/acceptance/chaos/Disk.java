package io.easyagent.acceptance.chaos;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system of its own. It is filled by making it as small as what it holds, which costs
 * nothing and writes nothing. Needs root.
 */
final class Disk implements AutoCloseable {
  private static final int TRIES = 20;

  private final Path point;
  private final String size;
  private boolean full;

  /**
   * @param size for example {@code 512m}; memory is taken for what it holds only
   */
  Disk(Path point, String size) throws IOException, InterruptedException {
    this.point = Files.createDirectories(point);
    this.size = size;
    Shell.run(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "mode=0700,size=" + size,
        "easyagent-chaos",
        point.toString());
  }

  /** No byte of room is left. False when it was full already, or is written to too fast. */
  synchronized boolean fill() throws IOException, InterruptedException {
    if (full) {
      return false;
    }
    for (int attempt = 0; attempt < TRIES && !full; attempt++) {
      FileStore store = Files.getFileStore(point);
      long used = (store.getTotalSpace() - store.getUnallocatedSpace()) / 1024;
      full = Shell.tryRun("mount", "-o", "remount,size=" + used + "k", point.toString());
    }
    return full;
  }

  synchronized void makeRoom() throws IOException, InterruptedException {
    Shell.run("mount", "-o", "remount,size=" + size, point.toString());
    full = false;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Shell.run("umount", "-l", point.toString());
  }
}
