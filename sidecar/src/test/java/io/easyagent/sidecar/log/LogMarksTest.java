package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.log.Layout.Head;
import io.easyagent.sidecar.log.Layout.Live;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogMarksTest {
  private static final Instant START = Instant.parse("2026-11-22T14:00:00Z");

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }

  /** Each a pair of an offset and a second. */
  private static LogMarks marks(long[]... pairs) {
    List<LogMark> marks = new ArrayList<>();
    for (long[] pair : pairs) {
      marks.add(new LogMark(marks.size() + 1, pair[0], at(pair[1])));
    }
    return new LogMarks(marks);
  }

  private static LogMarks oneASecond(long first, long last) {
    return new LogMarks(
        LongStream.rangeClosed(first, last)
            .mapToObj(each -> new LogMark(each, each * 10, at(each)))
            .toList());
  }

  /** A log of 1000 bytes of which nothing is rotated. */
  private static final Layout WHOLE = layout(0, 1000);

  private static Layout layout(long rotated, long size, RotatedFile... files) {
    LogState state = new LogState(1, 0, rotated, rotated, 0, false, 0, 0);
    return Layout.of(state, List.of(files), new Live(1, size), Head.EXPECTED);
  }

  private static RotatedFile file(long start, long size, long second) {
    return new RotatedFile(start, size, at(second), false);
  }

  @ParameterizedTest
  @CsvSource({
    "9, 0",
    "10, 100",
    "11, 100",
    "19, 100",
    "20, 200",
    "29, 200",
    "30, 300",
    "1000000, 300"
  })
  void whatIsOlderThanAMarkLiesBeforeIt(long second, long expected) {
    LogMarks marks = marks(new long[][] {{100, 10}, {200, 20}, {300, 30}});

    assertEquals(expected, marks.begin(WHOLE, at(second)));
  }

  @ParameterizedTest
  @CsvSource({"9, 0", "10, 100", "12, 100", "19, 100", "20, 200", "25, 200", "31, 500"})
  void afterTheClockWasSetBackMoreIsShownAndNeverLess(long second, long expected) {
    LogMarks marks = marks(new long[][] {{100, 10}, {200, 20}, {300, 30}, {400, 12}, {500, 22}});

    assertEquals(expected, marks.begin(WHOLE, at(second)));
  }

  @Test
  void nothingBeforeWhatIsKeptIsGiven() {
    Layout kept = layout(250, 1000);
    LogMarks marks = marks(new long[][] {{100, 10}, {200, 20}, {300, 30}});

    assertEquals(250, LogMarks.NONE.begin(kept, at(100)));
    assertEquals(250, marks.begin(kept, at(0)));
    assertEquals(250, marks.begin(kept, at(25)));
    assertEquals(300, marks.begin(kept, at(30)));
  }

  @Test
  void whereNoMarkReachesRotatedFilesTell() {
    Layout rotated = layout(400, 1000, file(100, 100, 10), file(200, 100, 20), file(300, 100, 30));

    assertEquals(100, LogMarks.NONE.begin(rotated, at(10)));
    assertEquals(200, LogMarks.NONE.begin(rotated, at(11)));
    assertEquals(300, LogMarks.NONE.begin(rotated, at(25)));
    assertEquals(400, LogMarks.NONE.begin(rotated, at(100)));
    LogMarks late = marks(new long[][] {{350, 28}, {500, 40}});
    assertEquals(200, late.begin(rotated, at(11)));
    assertEquals(300, late.begin(rotated, at(25)));
    assertEquals(350, late.begin(rotated, at(28)));
    assertEquals(500, late.begin(rotated, at(40)));
  }

  @Test
  void theTimeOfAMarkIsNeverTooEarly() {
    assertEquals(
        new LogMark(8, 5, START.plusMillis(3)), LogMark.after(7, 5, START.plusNanos(2_000_001)));
    assertEquals(new LogMark(8, 5, START), LogMark.after(7, 5, START));
  }

  @Test
  void whatTellsOfNothingThatIsKeptGoesButTheNewest() {
    LogMarks marks = marks(new long[][] {{100, 10}, {200, 20}, {300, 30}});

    assertEquals(marks.marks().subList(2, 3), marks.from(200).marks());
    assertEquals(marks.marks().subList(1, 3), marks.from(199).marks());
    assertEquals(marks.marks().subList(2, 3), marks.from(1000).marks());
    assertEquals(marks.marks().subList(0, 2), marks.upTo(299).marks());
    assertEquals(List.of(), LogMarks.NONE.from(7).marks());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3072, 4095, 4096})
  void fewAreNotThinned(long first) {
    LogMarks marks = oneASecond(first, first + LogMarks.THINNED - 1);

    assertEquals(marks, marks.thinned());
  }

  /** As a log has it whose agent writes all the time, for ten days. */
  @Test
  void howeverLongALogIsItsMarksAreBoundedAndDenseWhereItIsNew() {
    LogMarks marks = LogMarks.NONE;
    for (long each = 0; each < 10 * 86_400; ) {
      List<LogMark> full = new ArrayList<>(marks.marks());
      full.addAll(oneASecond(each + 1, each + LogMarks.MOST - full.size()).marks());
      marks = new LogMarks(full).from(0).thinned();
      assertTrue(marks.size() <= LogMarks.THINNED && marks.size() > 1500, marks::toString);
      assertEquals(full.getLast(), marks.marks().getLast());
      assertDense(marks.marks());
      each = full.getLast().number();
    }
  }

  private static void assertDense(List<LogMark> marks) {
    long newest = marks.getLast().number();
    assertTrue(marks.getFirst().number() <= Math.max(1, newest / 64), "the oldest: " + marks);
    for (int each = 1; each < marks.size(); each++) {
      long gap = marks.get(each).number() - marks.get(each - 1).number();
      long age = newest - marks.get(each - 1).number();
      assertTrue(gap > 0, "the order is kept");
      assertTrue(gap <= Math.max(1, age / 128), gap + " at the age of " + age);
      assertTrue(gap == 1 || age > 256, "of the last minutes none goes: " + age);
    }
  }

  @Test
  void aClockThatGoesBackMakesNoDifferenceToWhatStays() {
    LogMarks marks = oneASecond(1, LogMarks.MOST);
    LogMarks backwards =
        new LogMarks(
            marks.marks().stream()
                .map(mark -> new LogMark(mark.number(), mark.offset(), at(-mark.number())))
                .toList());

    assertEquals(
        marks.thinned().marks().stream().map(LogMark::number).toList(),
        backwards.thinned().marks().stream().map(LogMark::number).toList());
  }
}
