package io.easyagent.acceptance.walk;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.client.ProblemException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 and a cut link at every step boundary of every operation: nothing lost, nothing twice, no
 * agent stopped that was not told to. And the walk itself is tried: it must fail on bugs that are
 * planted.
 */
class WalkIT {
  @TempDir Path folder;

  @Test
  void theSidecarIsKilledAtEveryBoundary() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NONE)) {
      requireMany("kills of the sidecar", walk.killAtEveryBoundary(Side.SIDECAR, Walk.ALL), 150);
    }
  }

  @Test
  void theServerIsKilledAtEveryBoundary() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NONE)) {
      requireMany("kills of the server", walk.killAtEveryBoundary(Side.SERVER, Walk.ALL), 60);
    }
  }

  @Test
  void theLinkIsCutAfterEveryChunk() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NONE)) {
      requireMany("cuts of the link", walk.cutAfterEveryChunk(), 30);
    }
  }

  @Test
  void aSidecarThatForgetsWhatItHasSeenIsFound() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NO_DEDUPLICATION)) {
      AssertionError found =
          assertThrows(
              AssertionError.class, () -> walk.killAtEveryBoundary(Side.SIDECAR, Walk.ALL));
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
              AssertionError.class,
              () -> walk.killAtEveryBoundary(Side.SERVER, Set.of(Step.INSTALL)));
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
              AssertionError.class,
              () -> walk.killAtEveryBoundary(Side.SIDECAR, Set.of(Step.START)));
      assertTrue(
          found.getMessage().startsWith("starts of the agent"),
          () -> "expected the agent to be started twice, but: " + found);
    }
  }

  private static void requireMany(String what, int count, int least) {
    System.out.println("walk: " + count + " " + what);
    assertTrue(count >= least, what + ": " + count + " (expected: at least " + least + ")");
  }
}
