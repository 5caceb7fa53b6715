package io.easyagent.acceptance.walk;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.client.ProblemException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 and a cut link at the step boundaries of every operation: nothing lost, nothing twice, no
 * agent stopped that was not told to. Here at every few boundaries, evenly chosen; {@code ./dev
 * walk} strikes at each. And the walk itself is tried: it must fail on bugs that are planted.
 */
class WalkIT {
  private static final Pace PACE = Pace.usually(14);

  @TempDir Path folder;

  @Test
  void theSidecarIsKilledAtItsBoundaries() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NONE)) {
      requireMany("kills of the sidecar", walk.kill(Side.SIDECAR, Walk.ALL, PACE), 150);
    }
  }

  @Test
  void theServerIsKilledAtItsBoundaries() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NONE)) {
      requireMany("kills of the server", walk.kill(Side.SERVER, Walk.ALL, PACE), 60);
    }
  }

  @Test
  void theLinkIsCutBetweenChunks() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NONE)) {
      requireMany("cuts of the link", walk.cutLink(PACE), 30);
    }
  }

  @Test
  void aSidecarThatForgetsWhatItHasSeenIsFound() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NO_DEDUPLICATION)) {
      AssertionError found =
          assertThrows(AssertionError.class, () -> walk.kill(Side.SIDECAR, Walk.ALL, Pace.EACH));
      // It ends otherwise, is done twice, or is never heard of again: which, depends on the
      // boundary.
      String said = String.valueOf(found.getMessage());
      assertTrue(
          said.contains("disturbed at boundary")
              || said.matches("(?s)(not within|while waiting).* ends.*"),
          () -> "expected an operation that goes wrong, but: " + found);
    }
  }

  @Test
  void anAnswerBeforeTheCommitIsFound() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.ANSWER_BEFORE_COMMIT)) {
      AssertionError found =
          assertThrows(
              AssertionError.class, () -> walk.kill(Side.SERVER, Set.of(Step.INSTALL), Pace.EACH));
      assertTrue(
          found.getCause() instanceof ProblemException lost
              && lost.getMessage().startsWith("there is no batch"),
          () -> "expected an accepted batch to be lost, but: " + found);
    }
  }

  @Test
  void aKeeperReleasedBeforeItsRecordIsFound() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.GO_BEFORE_RECORD)) {
      AssertionError found =
          assertThrows(
              AssertionError.class, () -> walk.kill(Side.SIDECAR, Set.of(Step.START), Pace.EACH));
      assertTrue(
          found.getMessage().startsWith("starts of the agent"),
          () -> "expected the agent to be started twice, but: " + found);
    }
  }

  /**
   * @param ofEach so many at the least when each boundary is struck
   */
  private static void requireMany(String what, int count, int ofEach) {
    int least = PACE.of(ofEach);
    System.out.println("walk: " + count + " " + what);
    assertTrue(count >= least, what + ": " + count + " (expected: at least " + least + ")");
  }
}
