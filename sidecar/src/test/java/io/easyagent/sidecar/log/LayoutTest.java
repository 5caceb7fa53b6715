package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.log.Layout.Head;
import io.easyagent.sidecar.log.Layout.Live;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a rotation that was cut short, or an agent, may have left. */
class LayoutTest {
  private static final LogState STATE =
      LogState.begin(7, 1000).withRotated(500, 0).withFreed(500).withDropped(3);

  private static RotatedFile file(long start, long size) {
    return new RotatedFile(start, size, Instant.EPOCH, false);
  }

  @Test
  void offsetsGoOnFromTheRotatedFilesToTheOneThatIsWritten() {
    Layout layout = Layout.of(STATE, List.of(file(1200, 300)), new Live(7, 600), Head.EXPECTED);
    assertTrue(layout.isStored());
    assertEquals(1200, layout.begin());
    assertEquals(1500, layout.state().liveStart());
    assertEquals(1600, layout.end());
    assertEquals(100, layout.unrotated());
    assertEquals(400, layout.total());
  }

  @Test
  void aCopyThatHasItsNameIsRotatedThoughThatWasNotNoted() {
    Layout layout =
        Layout.of(STATE, List.of(file(1200, 300), file(1500, 80)), new Live(7, 600), Head.EXPECTED);
    assertFalse(layout.isStored());
    assertEquals(STATE.withRotated(580, 0), layout.state());
    assertEquals(20, layout.unrotated());
    assertEquals(1600, layout.end());
  }

  @Test
  void aFileThatIsShorterThanWhatWasRotatedOfItWasTruncated() {
    Layout layout = Layout.of(STATE, List.of(file(1200, 300)), new Live(7, 499), Head.EXPECTED);
    assertEquals(STATE.begunAnew(7, 1500, true), layout.state());
    assertEquals(1, layout.state().truncations());
    assertEquals(3, layout.state().dropped());
    assertEquals(1200, layout.begin());
    assertEquals(1999, layout.end());
  }

  @Test
  void aFileWithAHeadWhereNoneShouldBeWasTruncated() {
    Layout layout = Layout.of(STATE, List.of(), new Live(7, 9000), Head.WRITTEN_ANEW);
    assertEquals(STATE.begunAnew(7, 1500, true), layout.state());
    assertEquals(1500, layout.begin());
    assertEquals(10_500, layout.end());
  }

  @Test
  void aFileThatTheSidecarHasEmptiedWasNotTruncatedByTheAgent() {
    Layout layout = Layout.of(STATE.asEmptying(), List.of(), new Live(7, 0), Head.EXPECTED);
    assertEquals(STATE.begunAnew(7, 1500, false), layout.state());
  }

  @Test
  void anotherFileBeginsWhereTheRotatedOnesEnd() {
    Layout layout = Layout.of(STATE, List.of(), new Live(8, 10_000), Head.EXPECTED);
    assertEquals(STATE.begunAnew(8, 1500, false), layout.state());
    assertEquals(11_500, layout.end());
  }

  @Test
  void aLogWithoutAFileIsEmptyWhereItEnded() {
    Layout layout = Layout.of(STATE, List.of(), Live.NONE, Head.EXPECTED);
    assertEquals(1500, layout.begin());
    assertEquals(1500, layout.end());
  }
}
