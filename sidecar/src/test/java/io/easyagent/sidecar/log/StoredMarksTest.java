package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.log.StoredMarks.Origin;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredMarksTest {
  private static final LogState STATE = new LogState(7, 100, 50, 50, 0, false, 0, 1);
  private static final LogMark ROTATED = mark(1, 90);
  private static final LogMark OLD = mark(2, 180);
  private static final LogMark NEW = mark(3, 250);
  private static final StoredMarks STORED =
      new StoredMarks(Origin.of(STATE), 5, new LogMarks(List.of(ROTATED, OLD, NEW)), 3);

  private static LogMark mark(long number, long offset) {
    return new LogMark(number, offset, Instant.ofEpochSecond(number));
  }

  @Test
  void marksHoldWhileTheLogGrowsAndIsRotated() {
    LogState rotated = STATE.withRotated(120, 0).withFreed(120);

    assertEquals(STORED.marks(), STORED.holding(STATE, 250));
    assertEquals(STORED.marks(), STORED.holding(rotated, 900));
  }

  @Test
  void afterATruncationOnlyThoseOfWhatWasRotatedBeforeHold() {
    LogMarks left = new LogMarks(List.of(ROTATED));

    assertEquals(left, STORED.holding(STATE, 249), "it is shorter");
    assertEquals(left, STORED.holding(STATE.withTruncation(), 900), "it was, and has grown");
    assertEquals(left, STORED.holding(STATE.begunAnew(8, 100, false), 900), "another file");
  }

  @Test
  void anEmptiedOrRenewedFileGoesOnWhereTheOneBeforeEnded() {
    assertEquals(STORED.marks(), STORED.holding(STATE.begunAnew(7, 250, false), 250));
    assertEquals(STORED.marks(), STORED.holding(STATE.begunAnew(9, 300, false), 400));
  }

  /** A power cut takes of the log, or of its marks, what was written last. */
  @Test
  void whatIsBeyondTheEndAfterAPowerCutIsNotUsed() {
    assertEquals(new LogMarks(List.of(ROTATED, OLD)), STORED.takenUp(STATE, 200, 6));
    assertEquals(new LogMarks(List.of(ROTATED)), STORED.takenUp(STATE, 200, 5));
    assertEquals(STORED.marks(), STORED.takenUp(STATE, 900, 6));
    assertEquals(new LogMarks(List.of(ROTATED)), STORED.takenUp(STATE.withTruncation(), 200, 6));
  }
}
