package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.log.Layout.Head;
import io.easyagent.sidecar.log.Layout.Live;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTimesTest {
  private static final Instant START = Instant.parse("2026-11-22T14:00:00Z");
  private static final LogState STATE = LogState.begin(7, 0);

  @TempDir private Path folder;

  private LogFiles files() {
    return new LogFiles(folder, "a");
  }

  private LogTimes times(String boot) {
    return new LogTimes(files(), boot, () -> 0);
  }

  private static Layout layout(LogState state) {
    return Layout.of(state, List.of(), new Live(state.inode(), state.rotated()), Head.EXPECTED);
  }

  private static void mark(LogTimes times, LogState state, long size, long second) {
    times.mark(layout(state), size, START.plusSeconds(second));
  }

  private List<Long> offsets() throws IOException {
    return files().times().read().orElseThrow().marks().marks().stream()
        .map(LogMark::offset)
        .toList();
  }

  @Test
  void aLogThatDoesNotGrowTakesNothing() throws IOException {
    LogTimes times = times("one");
    mark(times, STATE, 0, 0);
    assertEquals(false, Files.exists(folder.resolve(".a.log.times")));
    mark(times, STATE, 10, 1);
    mark(times, STATE, 10, 2);
    mark(times, STATE, 30, 3);
    assertEquals(
        List.of(new LogMark(1, 10, START.plusSeconds(1)), new LogMark(2, 30, START.plusSeconds(3))),
        files().times().read().orElseThrow().marks().marks());
  }

  @Test
  void aLaterLifeOfTheSidecarGoesOn() throws IOException {
    mark(times("one"), STATE, 10, 1);
    mark(times("one"), STATE, 10, 2);
    mark(times("one"), STATE, 20, 3);
    mark(times("two"), STATE.withRotated(15, 0), 30, 4);
    assertEquals(List.of(10L, 20L, 30L), offsets());
  }

  @Test
  void whatWasWrittenHalfIsReplaced() throws IOException {
    mark(times("one"), STATE, 10, 1);
    Files.write(folder.resolve(".a.log.times"), new byte[13], StandardOpenOption.APPEND);
    mark(times("one"), STATE, 20, 2);
    assertEquals(List.of(10L, 20L), offsets());
    assertEquals(2, files().times().read().orElseThrow().slots());
  }

  @Test
  void aTruncationTakesItsMarksForGood() throws IOException {
    LogTimes times = times("one");
    mark(times, STATE, 10, 1);
    mark(times, STATE, 90, 2);
    // Seen by its size alone, and then by what is counted.
    mark(times, STATE, 20, 3);
    assertEquals(List.of(20L), offsets());
    mark(times, STATE.withTruncation(), 100, 4);
    assertEquals(List.of(100L), offsets());
    // While no sidecar ran.
    mark(times("one"), STATE.withTruncation(), 50, 5);
    mark(times("one"), STATE.withTruncation(), 200, 6);
    assertEquals(List.of(50L, 200L), offsets());
  }

  @Test
  void aPowerCutTakesOnlyWhatIsBeyondTheEnd() throws IOException {
    LogTimes times = times("one");
    mark(times, STATE, 10, 1);
    mark(times, STATE, 90, 2);
    mark(times, STATE, 100, 3);
    mark(times("two"), STATE, 95, 4);
    assertEquals(List.of(10L, 90L, 95L), offsets());
  }

  @Test
  void whatTellsOfNothingKeptGoesWhenThereIsNoRoom() throws IOException {
    LogTimes times = times("one");
    for (int each = 1; each <= LogMarks.MOST; each++) {
      mark(times, STATE, each, each);
    }
    assertEquals(LogMarks.MOST, offsets().size());
    LogState rotated = STATE.withRotated(LogMarks.MOST - 5, 0);
    mark(times, rotated, LogMarks.MOST + 1, LogMarks.MOST + 1);
    assertEquals(List.of(4092L, 4093L, 4094L, 4095L, 4096L, 4097L), offsets());
    for (int each = 1; each <= LogMarks.MOST; each++) {
      mark(times, rotated, LogMarks.MOST + 1 + each, each);
    }
    assertEquals(LogMarks.MOST, offsets().getLast() - LogMarks.MOST - 1);
    assertEquals(true, offsets().size() <= LogMarks.MOST);
  }

  /** The log itself is kept all the same, and the times are noted again when they can be. */
  @Test
  void whatCannotBeNotedIsNoFailure() throws IOException {
    Path inTheWay = Files.createDirectories(folder.resolve(".a.log.times/in/the/way"));
    LogTimes times = times("one");
    mark(times, STATE, 10, 1);
    mark(times, STATE, 20, 2);
    for (Path each = inTheWay; !each.equals(folder); each = each.getParent()) {
      Files.delete(each);
    }
    mark(times, STATE, 30, 3);
    assertEquals(List.of(30L), offsets());
    Files.delete(folder.resolve(".a.log.times"));
    mark(times, STATE, 40, 4);
    mark(times, STATE, 50, 5);
    assertEquals(List.of(50L), offsets());
  }

  @Test
  void nothingIsWrittenOnceItIsClosed() throws IOException {
    LogTimes times = times("one");
    mark(times, STATE, 10, 1);
    times.close();
    mark(times, STATE, 20, 2);
    assertEquals(List.of(10L), offsets());
  }
}
