package io.easyagent.sidecar.journal.store;

import io.easyagent.sidecar.journal.Journal.JournalException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What a reading of a journal's file found.
 *
 * @param end where the next frame goes
 * @param tornUntil the end of what a torn frame left behind {@code end}; {@code end} when nothing
 */
record JournalScan(long number, long size, long end, long tornUntil, long nextSequence) {

  /**
   * Reads frames until there is none. What then follows is either zeros, or the one frame whose
   * writing was cut short; a valid frame after it means that it was damaged later.
   */
  static JournalScan scan(
      Path path, ByteBuffer content, long number, long firstSequence, JournalFile.Reader reader)
      throws JournalException {
    int position = JournalFile.HEADER;
    long sequence = firstSequence;
    while (frameAt(content, position, number, sequence)) {
      int length = content.getInt(position);
      reader.frame(content.slice(position + JournalFile.FRAME_HEADER, length));
      position += (int) (JournalFile.FRAME_HEADER + JournalFile.aligned(length));
      sequence++;
    }
    int tornUntil = endOfNonZero(content, position);
    if (sequence == firstSequence) {
      // A file gets its name only after its first frame is on disk.
      throw damaged(path, position);
    }
    for (int later = position + 8; later < tornUntil; later += 8) {
      long found = sequenceAt(content, later);
      if (found > sequence && frameAt(content, later, number, found)) {
        throw damaged(path, position);
      }
    }
    return new JournalScan(number, content.capacity(), position, tornUntil, sequence);
  }

  private static JournalException damaged(Path path, int position) {
    return new JournalException(
        "journal " + path + ": damaged at byte " + position + " (expected: a valid frame)");
  }

  private static long sequenceAt(ByteBuffer content, int position) {
    return position + JournalFile.FRAME_HEADER <= content.capacity()
        ? content.getLong(position + 8)
        : -1;
  }

  private static boolean frameAt(ByteBuffer content, int position, long number, long sequence) {
    if (position + JournalFile.FRAME_HEADER > content.capacity()) {
      return false;
    }
    int length = content.getInt(position);
    int room = content.capacity() - position - JournalFile.FRAME_HEADER;
    if (length <= 0 || length > room || content.getLong(position + 8) != sequence) {
      return false;
    }
    ByteBuffer payload = content.slice(position + JournalFile.FRAME_HEADER, length);
    return content.getInt(position + 4) == JournalFile.checksum(number, sequence, payload);
  }

  private static int endOfNonZero(ByteBuffer content, int from) {
    int end = content.capacity();
    while (end - 8 >= from && content.getLong(end - 8) == 0) {
      end -= 8;
    }
    return Math.max(end, from);
  }
}
