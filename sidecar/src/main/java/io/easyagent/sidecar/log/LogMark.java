package io.easyagent.sidecar.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A moment at which an agent's log was looked at: all output before the offset was written before
 * the time.
 *
 * @param number how many marks of the log were made until then, with it
 * @param offset logical
 * @param time of the host's wall clock, which may have been set back since; whole milliseconds
 */
record LogMark(long number, long offset, Instant time) {

  /** The next one. Of the time whole milliseconds count, and never too few. */
  static LogMark after(long number, long offset, Instant time) {
    Instant whole = time.truncatedTo(ChronoUnit.MILLIS);
    return new LogMark(number + 1, offset, whole.equals(time) ? time : whole.plusMillis(1));
  }
}
