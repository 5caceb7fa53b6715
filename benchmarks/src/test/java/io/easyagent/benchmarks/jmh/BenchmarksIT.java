package io.easyagent.benchmarks.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs, once and in this very process: figures are not the matter here. */
final class BenchmarksIT {
  @BeforeAll
  static void besideOthers() {
    // Or it fails while somebody measures on this machine.
    System.setProperty("jmh.ignoreLock", "true");
  }

  static List<Benchmarks.Named> all() {
    return Benchmarks.matching(Pattern.compile(""));
  }

  @ParameterizedTest
  @MethodSource("all")
  void itRuns(Benchmarks.Named benchmark) throws Exception {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("^" + Pattern.quote(benchmark.name()) + "$")
                    .param("hosts", "200")
                    .mode(Mode.SingleShotTime)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .forks(0)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertEquals(1, results.size());
    assertTrue(results.iterator().next().getPrimaryResult().getScore() > 0);
  }

  @Test
  void noBenchmarkIsLeftOut() {
    List<String> found = new ArrayList<>();
    BenchmarkList.defaultList()
        .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
        .forEach(entry -> found.add(entry.getUsername()));

    assertEquals(
        all().stream().map(Benchmarks.Named::name).sorted().toList(),
        found.stream().sorted().toList());
  }
}
