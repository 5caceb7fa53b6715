package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.secret.Redaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/** What a process printed last, bounded and fit to be shown. */
final class LastOutput {
  private static final int READ_MOST = 4096;

  private LastOutput() {}

  /**
   * @param start what lies before is another process's
   */
  static String read(Path log, long start, Redaction redaction) {
    try (SeekableByteChannel channel =
        Files.newByteChannel(log, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      long from = Math.max(start, channel.size() - READ_MOST);
      ByteBuffer bytes = ByteBuffer.allocate(READ_MOST);
      channel.position(from);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // One read need not give all.
        continue;
      }
      byte[] read = Arrays.copyOf(bytes.array(), bytes.position());
      byte[] redacted = redaction.redact(read, from > start, false);
      return LastWords.of(new String(redacted, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      return "";
    }
  }

  /**
   * As the other, of an agent's log, whatever was rotated meanwhile.
   *
   * @param start logical offset; what lies before is another process's
   */
  static String read(KeptLog log, long start, Redaction redaction) {
    try {
      long end = log.end();
      // An agent that truncates its log has no longer what it wrote first.
      long first = start > end ? log.begin() : start;
      long from = Math.max(first, end - READ_MOST);
      if (from < end) {
        from = Math.max(from, log.begin());
      }
      ByteBuffer bytes = ByteBuffer.allocate(READ_MOST);
      while (from + bytes.position() < end && log.read(from + bytes.position(), bytes) > 0) {
        // One read need not give all.
        continue;
      }
      byte[] read = Arrays.copyOf(bytes.array(), bytes.position());
      byte[] redacted = redaction.redact(read, from > start, false);
      return LastWords.of(new String(redacted, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      return "";
    }
  }
}
