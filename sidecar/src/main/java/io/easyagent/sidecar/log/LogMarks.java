package io.easyagent.sidecar.log;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The marks of one log, each with a higher number and offset than the one before; times may go
 * back. Pure.
 */
record LogMarks(List<LogMark> marks) {
  static final LogMarks NONE = new LogMarks(List.of());

  /** More than these are not stored. */
  static final int MOST = 4096;

  /** So many are left by {@link #thinned} at most. */
  static final int THINNED = MOST / 4 * 3;

  /** Above this every difference of two numbers is one. */
  private static final int MOST_HALVINGS = 40;

  /** File systems take the time of a file from a clock that may be late. */
  private static final Duration LATE = Duration.ofSeconds(1);

  LogMarks {
    marks = List.copyOf(marks);
  }

  int size() {
    return marks.size();
  }

  Optional<LogMark> newest() {
    return marks.isEmpty() ? Optional.empty() : Optional.of(marks.getLast());
  }

  /** Those up to this offset. */
  LogMarks upTo(long offset) {
    return new LogMarks(marks.stream().filter(mark -> mark.offset() <= offset).toList());
  }

  /** Those that tell of what is kept from this offset on; the newest one in any case. */
  LogMarks from(long begin) {
    return new LogMarks(
        marks.stream()
            .filter(mark -> mark.offset() > begin || mark.equals(marks.getLast()))
            .toList());
  }

  /**
   * Fewer of them. The newest ones all stay; of those that are twice as old as these every second
   * one does, of those that are four times as old every fourth one, and so on. What is left does
   * not hang on how often that was done before, nor on the clock.
   */
  LogMarks thinned() {
    if (marks.size() <= THINNED) {
      return this;
    }
    long newest = marks.getLast().number();
    LogMarks left = this;
    for (long dense = MOST / 2; left.size() > THINNED; dense /= 2) {
      long all = dense;
      left =
          new LogMarks(marks.stream().filter(mark -> stays(mark.number(), newest, all)).toList());
    }
    return left;
  }

  private static boolean stays(long number, long newest, long dense) {
    int halvings = Math.min(Long.numberOfTrailingZeros(number), MOST_HALVINGS);
    return newest - number <= dense << halvings;
  }

  /**
   * Where what was written at that time or later begins: an offset before which nothing is that
   * young. Where the marks do not reach, the rotated files tell. After the clock was set back more
   * lies behind it than was asked for, never less.
   *
   * @param layout in which these marks hold
   */
  long begin(Layout layout, Instant time) {
    long begin = layout.begin();
    if (marks.isEmpty() || marks.getFirst().time().isAfter(time)) {
      return beginOfFile(layout, time);
    }
    for (LogMark mark : marks) {
      if (mark.time().isAfter(time)) {
        break;
      }
      begin = Math.max(begin, mark.offset());
    }
    return begin;
  }

  /** As {@link #begin}, for the time before the first mark. */
  private long beginOfFile(Layout layout, Instant time) {
    long begin = layout.begin();
    long firstMark = marks.isEmpty() ? Long.MAX_VALUE : marks.getFirst().offset();
    List<RotatedFile> files = layout.files();
    for (int each = 0; each < files.size(); each++) {
      long end = each + 1 < files.size() ? files.get(each + 1).start() : layout.state().liveStart();
      if (end >= firstMark || files.get(each).modified().plus(LATE).isAfter(time)) {
        break;
      }
      begin = end;
    }
    return begin;
  }
}
