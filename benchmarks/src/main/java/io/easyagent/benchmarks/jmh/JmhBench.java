package io.easyagent.benchmarks.jmh;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.easyagent.benchmarks.measure.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code ./dev bench jmh}. Exit status 0 done, 1 failed, 2 wrong usage. */
public final class JmhBench {
  private static final String USAGE =
      """
      usage: ./dev bench jmh [--forks N] [--seconds N] [--json FILE] [PATTERN]

        --forks N     JVMs in which each benchmark runs (default 1)
        --seconds N   that each is measured in each of them, after as many of warm-up (default 5)
        --json FILE   where the figures go too
        PATTERN       a regular expression: only benchmarks whose name has such a part
      """;

  private static final String HEAD = "%-36s %12s %12s %12s  %s";

  private record Invocation(int forks, int seconds, Optional<Path> json, Pattern pattern) {}

  private JmhBench() {}

  public static void main(String[] words) throws IOException {
    Invocation invocation;
    try {
      invocation = parse(List.of(words));
    } catch (IllegalArgumentException wrong) {
      System.err.println("bench jmh: " + wrong.getMessage());
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    try {
      run(invocation, String.join(" ", words));
    } catch (RunnerException failure) {
      System.err.println("bench jmh: " + failure.getMessage());
      System.exit(1);
    }
  }

  private static Invocation parse(List<String> words) {
    int forks = 1;
    int seconds = 5;
    Optional<Path> json = Optional.empty();
    Optional<String> pattern = Optional.empty();
    for (int index = 0; index < words.size(); index++) {
      String word = words.get(index);
      switch (word) {
        case "--forks" -> forks = number(word, value(words, ++index));
        case "--seconds" -> seconds = number(word, value(words, ++index));
        case "--json" -> json = Optional.of(Path.of(value(words, ++index)));
        default -> {
          if (word.startsWith("--") || pattern.isPresent()) {
            throw new IllegalArgumentException(word + " (expected: one pattern)");
          }
          pattern = Optional.of(word);
        }
      }
    }
    try {
      return new Invocation(forks, seconds, json, Pattern.compile(pattern.orElse("")));
    } catch (PatternSyntaxException wrong) {
      throw new IllegalArgumentException(wrong.getMessage(), wrong);
    }
  }

  private static String value(List<String> words, int index) {
    if (index >= words.size()) {
      throw new IllegalArgumentException(words.getLast() + " (expected: with a value)");
    }
    return words.get(index);
  }

  private static int number(String name, String value) {
    if (!value.matches("[1-9]\\d{0,2}")) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to 999)");
    }
    return Integer.parseInt(value);
  }

  private static void run(Invocation invocation, String words) throws RunnerException, IOException {
    List<Benchmarks.Named> chosen = Benchmarks.matching(invocation.pattern());
    if (chosen.isEmpty()) {
      throw new RunnerException("no benchmark matches " + invocation.pattern());
    }
    double before = Machine.load();
    System.out.printf(HEAD + "%n", "BENCHMARK", "MEAN", "99.9 %", "BEST SECOND", "UNIT");
    List<Line> lines = new ArrayList<>();
    for (Benchmarks.Named named : chosen) {
      for (RunResult result : new Runner(options(named, invocation).build()).run()) {
        Line line = Line.of(named, result.getPrimaryResult());
        lines.add(line);
        System.out.println(line.text());
      }
    }
    System.out.printf(
        Locale.ROOT, "load of the machine %.1f before and %.1f after%n", before, Machine.load());
    if (invocation.json().isPresent()) {
      Files.writeString(invocation.json().get(), json(lines, words));
    }
  }

  private static ChainedOptionsBuilder options(Benchmarks.Named named, Invocation invocation) {
    return new OptionsBuilder()
        .include("^" + Pattern.quote(named.name()) + "$")
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .forks(invocation.forks())
        .warmupIterations(invocation.seconds())
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(invocation.seconds())
        .measurementTime(TimeValue.seconds(1));
  }

  /**
   * @param mean of all measured seconds
   * @param error half the width of the interval that holds the mean with 99.9 %, were every second
   *     like the others; not a number for one second
   * @param best of the seconds: what a busy machine spoils the least
   */
  private record Line(String name, double mean, double error, double best, String unit) {
    static Line of(Benchmarks.Named named, Result<?> result) {
      boolean moreIsBetter = result.getScoreUnit().startsWith("ops/");
      return new Line(
          named.shown(),
          result.getScore(),
          result.getScoreError(),
          moreIsBetter ? result.getStatistics().getMax() : result.getStatistics().getMin(),
          result.getScoreUnit());
    }

    String text() {
      return String.format(
          Locale.ROOT,
          HEAD,
          name,
          number(mean),
          Double.isNaN(error) ? "-" : "± " + number(error),
          number(best),
          unit);
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.3f", value);
    }
  }

  private static String json(List<Line> lines, String words) throws IOException {
    Machine machine = Machine.here();
    ObjectNode json = new JsonMapper().createObjectNode();
    machine.addTo(json.putObject("machine"));
    json.put("date", Instant.now().toString()).put("command", ("./dev bench jmh " + words).strip());
    ArrayNode figures = json.putArray("benchmarks");
    for (Line line : lines) {
      ObjectNode figure =
          figures
              .addObject()
              .put("name", line.name())
              .put("mean", line.mean())
              .put("best_second", line.best())
              .put("unit", line.unit());
      if (!Double.isNaN(line.error())) {
        figure.put("error", line.error());
      }
    }
    return json.toPrettyString() + "\n";
  }
}
