package io.easyagent.benchmarks.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It works, from the built distribution to the last figure; what the figures are is not asked. */
class SidecarBenchIT {
  /** supervisord has neither keepers nor a server, and is no archive. */
  private static final Set<Figure> SIDECAR_ONLY =
      EnumSet.of(
          Figure.KEEPERS_RSS_BYTES,
          Figure.KEEPERS_PSS_BYTES,
          Figure.KEEPERS_PRIVATE_DIRTY_BYTES,
          Figure.START_TO_CONNECTED_MS,
          Figure.ARCHIVE_BYTES);

  @Test
  void twoAgentsAreMeasuredToTheEndAndNothingIsLeft(@TempDir Path work) throws Exception {
    Settings settings =
        Settings.parse(
            List.of(
                "--agents",
                "2",
                "--easyagent",
                Path.of("..", "dist", "out", "easyagent").toString(),
                "--sidecar",
                Path.of("..", "dist", "out", "easyagent-sidecar").toString(),
                "--work",
                work.toString(),
                "--kills",
                "3",
                "--starts",
                "1",
                "--settle-seconds",
                "1",
                "--idle-seconds",
                "1",
                "--write-seconds",
                "1"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream told = new ByteArrayOutputStream();

    Report report =
        new SidecarBench(
                settings,
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(told, true, StandardCharsets.UTF_8))
            .run();

    Figures figures = report.runs().getFirst();
    for (Figure figure : Figure.values()) {
      assertTrue(figures.ofSidecar(figure).isPresent(), () -> figure + " is missing");
      assertEquals(
          SIDECAR_ONLY.contains(figure),
          figures.ofSupervisord(figure).isEmpty(),
          () -> figure + " of supervisord");
      assertTrue(
          printed.toString(StandardCharsets.UTF_8).contains(figure.label()),
          () -> figure + " is not printed");
    }
    assertTrue(figures.ofSidecar(Figure.RSS_BYTES).orElseThrow() > 30 << 20);
    assertTrue(figures.ofSidecar(Figure.KEEPERS_RSS_BYTES).orElseThrow() > 100 << 10);
    assertTrue(figures.ofSidecar(Figure.LOG_MEGABYTES_PER_SECOND).orElseThrow() > 1);
    assertTrue(figures.ofSupervisord(Figure.CRASH_TO_RUNNING_MS_MAX).orElseThrow() > 0);
    assertFalse(Files.exists(work.resolve("run")), "the run's folder is left");
    String agent = work.resolve("run").resolve("agent").toString();
    assertEquals(
        List.of(),
        ProcessHandle.allProcesses()
            .filter(each -> each.info().command().filter(agent::equals).isPresent())
            .toList());
  }
}
