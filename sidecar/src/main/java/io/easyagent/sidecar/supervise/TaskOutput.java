package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.FileHoles;
import io.easyagent.sidecar.supervise.Tasks.Output;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A task's output file, of which the first and the last bytes are kept. What lies between is given
 * back to the file system while the file grows, so that its size is the number of bytes written and
 * its place on the disk is bounded.
 */
final class TaskOutput {
  private final Path file;
  private final int limit;
  private long freedTo;

  /**
   * @param limit bytes kept at the head, and at the tail
   */
  TaskOutput(Path file, int limit) {
    this.file = file;
    this.limit = limit;
    this.freedTo = limit;
  }

  /** What came of an attempt to bound the file. */
  enum Bounding {
    SMALL_ENOUGH,
    FREED,
    NOT_POSSIBLE
  }

  Bounding bound() throws IOException {
    if (!Files.exists(file)) {
      return Bounding.SMALL_ENOUGH;
    }
    long end = Files.size(file) - limit;
    if (end <= freedTo) {
      return Bounding.SMALL_ENOUGH;
    }
    if (!FileHoles.punch(file, freedTo, end - freedTo)) {
      return Bounding.NOT_POSSIBLE;
    }
    freedTo = end;
    return Bounding.FREED;
  }

  Output read() throws IOException {
    if (!Files.exists(file)) {
      return Output.NONE;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long total = channel.size();
      int headLength = (int) Math.min(limit, total);
      int tailLength = (int) Math.min(limit, total - headLength);
      return new Output(
          read(channel, 0, headLength), read(channel, total - tailLength, tailLength), total);
    }
  }

  private static byte[] read(FileChannel channel, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
      // One read need not give all.
      continue;
    }
    return bytes.array();
  }
}
