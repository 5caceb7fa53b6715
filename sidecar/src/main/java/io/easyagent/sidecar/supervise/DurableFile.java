package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files of which there is always the text before or the one after. */
final class DurableFile {
  private DurableFile() {}

  /** What a failure may leave. */
  static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  /** On disk on return. */
  static void replace(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    replace(file, text, true);
    if (folder != null) {
      sync(folder);
    }
  }

  /**
   * @param synced whether the bytes are on disk on return; that the name stands for them is the
   *     folder's matter
   */
  static void replace(Path file, String text, boolean synced) throws IOException {
    Path temporary = temporary(file);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (synced) {
        channel.force(true);
      }
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
