package io.easyagent.acceptance.walk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 and a cut link at every step boundary: nothing lost, nothing twice, no agent stopped that
 * was not told to.
 */
class WalkIT {
  @TempDir Path folder;

  @Test
  void theSidecarIsKilledAtEveryBoundary() throws Exception {
    try (Walk walk = new Walk(folder, PlantedBug.NONE)) {
      int kills = walk.killAtEveryBoundary(Side.SIDECAR);
      assertTrue(kills > 50, "kills: " + kills + " (expected: more than 50)");
    }
  }
}
