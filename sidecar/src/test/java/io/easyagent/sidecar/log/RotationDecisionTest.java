package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.log.RotationDecision.Deed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Files of 100 bytes, three of them kept: at most 500 on the disk when the log is looked at. */
class RotationDecisionTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final LogRule RULE = new LogRule(100, 3);

  /**
   * @param rotated files of 100 bytes each, before a file of which nothing is rotated yet
   */
  private static Layout layout(int rotated, long unrotated) {
    return stored(LogState.begin(7, rotated * 100L), rotated, unrotated);
  }

  private static Layout stored(LogState state, int rotated, long size) {
    return new Layout(state, Optional.of(state), files(rotated), size);
  }

  private static List<RotatedFile> files(int count) {
    return LongStream.range(0, count)
        .mapToObj(each ->
            new RotatedFile(each * 100, 100, NOW.minus(Duration.ofHours(count - each)), false))
        .toList();
  }

  private static Deed next(Layout layout) {
    return RotationDecision.next(layout, RULE, NOW, true);
  }

  @Test
  void whatIsWithinItsBoundsIsLeftAlone() {
    assertEquals(new Deed.Nothing(), next(layout(0, 0)));
    assertEquals(new Deed.Nothing(), next(layout(3, 99)));
  }

  @Test
  void aFileThatHasReachedItsSizeIsRotated() {
    assertEquals(new Deed.Rotate(100), next(layout(0, 100)));
    assertEquals(new Deed.Rotate(100), next(layout(3, 200)));
  }

  @Test
  void whatIsRotatedAndFreedDoesNotCount() {
    LogState state = LogState.begin(7, 0).withRotated(900, 0).withFreed(900);
    assertEquals(new Deed.Nothing(), next(stored(state, 0, 999)));
    assertEquals(new Deed.Rotate(100), next(stored(state, 0, 1000)));
  }

  @Test
  void theOldestFileBeyondTheBudgetGoes() {
    assertEquals(new Deed.RemoveOldest(), next(layout(4, 0)));
    assertEquals(
        new Deed.RemoveOldest(),
        RotationDecision.next(layout(1, 0), new LogRule(100, 0), NOW, true));
  }

  @Test
  void aFileThatIsTooOldGoes() {
    LogRule threeHours = new LogRule(100, 3, Optional.of(Duration.ofHours(3)), false);
    assertEquals(
        new Deed.RemoveOldest(), RotationDecision.next(layout(3, 0), threeHours, NOW, true));
    assertEquals(new Deed.Nothing(), RotationDecision.next(layout(2, 0), threeHours, NOW, true));
    assertEquals(new Deed.Nothing(), RotationDecision.next(layout(0, 0), threeHours, NOW, true));
  }

  @Test
  void whereTheBoundIsPassedTheOldestGoFirst() {
    assertEquals(new Deed.Rotate(100), next(layout(3, 200)));
    assertEquals(new Deed.RemoveOldest(), next(layout(3, 201)));
    assertEquals(new Deed.RemoveOldest(), next(layout(1, 1000)));
    // Of what is left so much goes that the rest can be rotated.
    assertEquals(new Deed.Drop(600), next(layout(0, 1000)));
    assertEquals(new Deed.Rotate(100), next(layout(0, 400)));
  }

  @Test
  void withNothingToBeKeptWhatIsRotatedGoes() {
    assertEquals(
        new Deed.Drop(150), RotationDecision.next(layout(0, 150), new LogRule(100, 0), NOW, true));
  }

  @Test
  void whatIsKnownIsWrittenDownBeforeAnythingIsDone() {
    LogState state = LogState.begin(7, 0);
    Layout ahead = new Layout(state, Optional.empty(), files(9), 1000);
    assertEquals(new Deed.Note(), next(ahead));
    assertEquals(
        new Deed.Note(),
        next(new Layout(state.withRotated(100, 0), Optional.of(state), files(1), 1000)));
  }

  @Test
  void ofALogThatIsNotThereNothingIsWrittenDown() {
    assertEquals(
        new Deed.Nothing(), next(new Layout(LogState.begin(0, 0), Optional.empty(), List.of(), 0)));
  }

  @Test
  void whatIsRotatedIsFreedBeforeMoreIsDone() {
    LogState state = LogState.begin(7, 0).withRotated(100, 5);
    assertEquals(new Deed.Free(), next(stored(state, 9, 1000)));
  }

  @Test
  void whereNothingCanBeFreedTheFileIsEmptiedOnceItIsLongEnough() {
    LogState state = LogState.begin(7, 0).withRotated(100, 5);
    assertEquals(
        new Deed.Rotate(100), RotationDecision.next(stored(state, 1, 120), RULE, NOW, false));
    assertEquals(
        new Deed.Nothing(),
        RotationDecision.next(
            stored(LogState.begin(7, 0).withRotated(99, 5), 1, 120), RULE, NOW, false));
  }

  @Test
  void filesAreCompressedWhenNothingElseIsToBeDone() {
    LogRule compressing = new LogRule(100, 3, Optional.empty(), true);
    List<RotatedFile> files =
        List.of(new RotatedFile(0, 9, NOW, true), new RotatedFile(100, 100, NOW, false));
    LogState state = LogState.begin(7, 200);
    Layout layout = new Layout(state, Optional.of(state), files, 0);
    assertEquals(
        new Deed.Compress(files.getLast()), RotationDecision.next(layout, compressing, NOW, true));
    assertEquals(new Deed.Nothing(), next(layout));
    assertEquals(
        new Deed.Rotate(100),
        RotationDecision.next(
            new Layout(state, Optional.of(state), files, 100), compressing, NOW, true));
  }
}
