package io.easyagent.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A short run of the fuzzer on each target, in a JVM each, two at a time; {@code ./dev fuzz} is the
 * long one.
 */
@Execution(ExecutionMode.CONCURRENT)
final class FuzzIT {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  static Set<String> targets() {
    return FuzzTargets.ALL.keySet();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void nothingIsFound(String target, @TempDir Path folder) throws Exception {
    FuzzRun.Report report = new FuzzRun(folder).run(target, SHORT);
    assertTrue(report.clean(), report::finding);
    assertTrue(report.coverage() > 0, () -> "no branch was reached: " + report);
  }

  @Test
  void aPlantedBugIsFound(@TempDir Path folder) throws Exception {
    FuzzRun.Report report = new FuzzRun(folder).run(PlantedTarget.class.getName(), LONG_ENOUGH);
    assertFalse(report.clean(), "the planted bug was not found");
    assertTrue(report.finding().contains("planted"), report::finding);
  }
}
