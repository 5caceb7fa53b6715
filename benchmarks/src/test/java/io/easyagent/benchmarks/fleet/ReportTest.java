package io.easyagent.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.benchmarks.measure.Machine;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What programs and people read. */
class ReportTest {
  private static final Figures.Load LOAD = new Figures.Load(1.5, 2.25);
  private static final Figures SMALL = run(1_000, 100 << 20, 0.9);
  private static final Figures LARGE = run(3_000, 140 << 20, 3.25);

  private static Figures run(int hosts, double resident, double fanout) {
    Map<Figure, Double> values = new EnumMap<>(Figure.class);
    values.put(Figure.SERVER_RSS_BYTES, resident);
    values.put(Figure.FANOUT_CPU_SECONDS, fanout);
    values.put(Figure.OPERATIONS_LOST, 0.0);
    values.put(Figure.EVENTS_PER_SECOND, 12_345.6789);
    return new Figures(hosts, LOAD, values);
  }

  @Test
  void jsonIsAsProgramsKnowIt() throws Exception {
    Report report =
        new Report(
            new Machine(2, "a processor", 24L << 30, "Linux 6.18", "25.0.3+9"),
            Instant.parse("2026-11-22T20:00:00Z"),
            "./dev bench fleet --hosts 1000,3000",
            "2.0.0",
            100,
            List.of(SMALL, LARGE));

    assertEquals(golden("report.json"), report.json());
  }

  @Test
  void peopleSeeEachFigureBesideItsGoal() throws Exception {
    assertEquals(golden("run.txt"), text(Tables.ofRun(LARGE)));
  }

  @Test
  void growthIsForAThousandHostsMore() throws Exception {
    assertEquals(golden("growth.txt"), text(Tables.ofGrowth(List.of(SMALL, LARGE))));
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static String golden(String name) throws Exception {
    try (InputStream stream = ReportTest.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
