package io.easyagent.benchmarks.sidecar;

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
  private static final Figures ONE = run(1, 80 << 20, 41 << 20, 8.25);
  private static final Figures TEN = run(10, 84 << 20, 42 << 20, 12.5);
  private static final Figures HUNDRED = run(100, 90 << 20, 46 << 20, 9.75);

  private static Figures run(int agents, double resident, double dirty, double crash) {
    Map<Figure, Double> sidecar = new EnumMap<>(Figure.class);
    sidecar.put(Figure.RSS_BYTES, resident);
    sidecar.put(Figure.PRIVATE_DIRTY_BYTES, dirty);
    sidecar.put(Figure.KEEPERS_PSS_BYTES, agents * 262_144.0);
    sidecar.put(Figure.CRASH_TO_RUNNING_MS_MEDIAN, crash);
    sidecar.put(Figure.LOG_MEGABYTES_PER_SECOND, 1_234.5678);
    Map<Figure, Double> supervisord = new EnumMap<>(Figure.class);
    supervisord.put(Figure.RSS_BYTES, 31.0 * (1 << 20));
    supervisord.put(Figure.CRASH_TO_RUNNING_MS_MEDIAN, 1_007.1234);
    return new Figures(agents, new Figures.Load(1.5, 2.25), sidecar, supervisord);
  }

  private static Report report(Figures... runs) {
    return new Report(
        new Machine(2, "a processor", 24L << 30, "Linux 6.18", "25.0.3+9"),
        Instant.parse("2026-11-23T13:00:00Z"),
        "./dev bench sidecar --agents 1,10,100",
        Map.of("supervisord", "4.2.5", "easyagent", "2.0.0"),
        "root",
        List.of(runs));
  }

  @Test
  void jsonIsAsProgramsKnowIt() throws Exception {
    assertEquals(golden("report.json"), report(ONE, TEN, HUNDRED).json());
  }

  @Test
  void withoutTheGoalsNumberOfAgentsTheMostAreAtTheTop() {
    assertEquals(
        report(HUNDRED).json().lines().filter(line -> line.startsWith("  \"agents\"")).toList(),
        report(ONE, HUNDRED)
            .json()
            .lines()
            .filter(line -> line.startsWith("  \"agents\""))
            .toList());
  }

  @Test
  void peopleSeeEachFigureBesideItsGoalAndSupervisord() throws Exception {
    assertEquals(golden("ten.txt"), text(Tables.ofRun(TEN)));
  }

  @Test
  void withOtherNumbersOfAgentsNothingIsJudged() throws Exception {
    assertEquals(golden("one.txt"), text(Tables.ofRun(ONE)));
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
