package io.easyagent.sidecar.log;

import java.util.List;
import java.util.Optional;

/**
 * An agent's output as it lies on the disk at a moment: rotated files, oldest first, and after them
 * the file that is written, without a gap.
 *
 * @param state in force; may be ahead of what is stored, see {@link #stored}
 * @param stored what the state file says; empty when there is none
 * @param size of the file that is written
 */
record Layout(LogState state, Optional<LogState> stored, List<RotatedFile> files, long size) {
  /** How many bytes at the head tell whether it is still the one that was rotated. */
  static final int SAMPLE = 4096;

  Layout {
    files = List.copyOf(files);
  }

  /**
   * The file that is written.
   *
   * @param inode 0 when there is none
   */
  record Live(long inode, long size) {
    static final Live NONE = new Live(0, 0);

    boolean exists() {
      return inode != 0;
    }
  }

  /** What the first bytes of the file that is written look like. */
  enum Head {
    /** As it should: zeros where it is freed, or what was rotated where it is not freed yet. */
    EXPECTED,
    /** Something else is there: the agent has truncated the file and written on. */
    WRITTEN_ANEW
  }

  /**
   * Sees where things stand, whatever a rotation that was cut short has left. A copy that has its
   * name is rotated, whether or not that was noted. A file that is another one, is shorter than
   * what was rotated of it, or has a head where none should be begins where the rotated ones end.
   */
  static Layout of(LogState stored, List<RotatedFile> files, Live live, Head head) {
    long end = Math.max(stored.liveStart(), files.isEmpty() ? 0 : files.getLast().plainEnd());
    boolean another = live.inode() != stored.inode();
    if (another || live.size() < end - stored.base() || head == Head.WRITTEN_ANEW) {
      boolean truncated = !another && !stored.emptying();
      return new Layout(
          stored.begunAnew(live.inode(), end, truncated), Optional.of(stored), files, live.size());
    }
    return new Layout(
        stored.withRotated(end - stored.base(), stored.head()),
        Optional.of(stored),
        files,
        live.size());
  }

  Layout withHead(long sum) {
    return new Layout(state.withRotated(state.rotated(), sum), stored, files, size);
  }

  /** Logical offset of the oldest byte that is kept. */
  long begin() {
    return files.isEmpty() ? state.liveStart() : files.getFirst().start();
  }

  /** Logical offset after the newest byte. */
  long end() {
    return state.base() + size;
  }

  /** Bytes that are in the file that is written only. */
  long unrotated() {
    return size - state.rotated();
  }

  /** Bytes on the disk, without what is rotated and not freed yet. */
  long total() {
    return files.stream().mapToLong(RotatedFile::size).sum() + unrotated();
  }

  boolean isStored() {
    return stored.filter(state::equals).isPresent();
  }
}
