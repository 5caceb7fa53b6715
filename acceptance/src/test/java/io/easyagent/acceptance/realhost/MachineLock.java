package io.easyagent.acceptance.realhost;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Held by one JVM of this machine at a time; within one, by whoever is synchronized already. */
final class MachineLock implements AutoCloseable {
  private static final Path FOLDER = Path.of("/tmp/real-hosts");

  private final FileChannel file;

  private MachineLock(FileChannel file) {
    this.file = file;
  }

  /** Waits for it. */
  static MachineLock acquire(String name) throws IOException {
    Files.createDirectories(FOLDER);
    FileChannel file =
        FileChannel.open(
            FOLDER.resolve("." + name + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    file.lock();
    return new MachineLock(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
