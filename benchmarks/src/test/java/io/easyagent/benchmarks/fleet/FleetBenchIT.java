package io.easyagent.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It works, from the built distribution to the last figure; what the figures are is not asked. */
class FleetBenchIT {
  private static final int HOSTS = 20;

  @Test
  void aSmallFleetIsMeasuredToItsEnd(@TempDir Path work) throws Exception {
    Settings settings =
        Settings.parse(
            List.of(
                "--hosts",
                String.valueOf(HOSTS),
                "--easyagent",
                Path.of("..", "dist", "out", "easyagent").toString(),
                "--work",
                work.toString(),
                "--past",
                "1",
                "--idle-seconds",
                "1",
                "--fanouts",
                "1"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream told = new ByteArrayOutputStream();

    Report report =
        new FleetBench(
                settings,
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(told, true, StandardCharsets.UTF_8))
            .run();

    Figures figures = report.runs().getFirst();
    for (Figure figure : Figure.values()) {
      assertTrue(figures.find(figure).isPresent(), () -> figure + " is missing");
      assertTrue(
          printed.toString(StandardCharsets.UTF_8).contains(figure.label()),
          () -> figure + " is not printed");
    }
    assertEquals(0, figures.find(Figure.OPERATIONS_LOST).orElseThrow());
    assertEquals(0, figures.find(Figure.OPERATIONS_RUN_TWICE).orElseThrow());
    assertTrue(figures.find(Figure.SERVER_RSS_BYTES).orElseThrow() > 50 << 20);
    assertTrue(figures.find(Figure.OPERATIONS_ACCEPTED).orElseThrow() >= 3 * HOSTS);
  }
}
