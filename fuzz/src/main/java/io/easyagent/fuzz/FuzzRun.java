package io.easyagent.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One target under the fuzzer, in a JVM of its own: an input that hangs it or eats its memory ends
 * that JVM and is a finding too.
 */
final class FuzzRun {
  private static final Duration START = Duration.ofMinutes(5);
  private static final int INPUT_SECONDS = 60;

  /** Until then the optimizing compiler takes more than it gives. */
  private static final Duration OPTIMIZED_FROM = Duration.ofMinutes(1);

  private static final int MEGABYTES = 2_048;
  private static final int LARGEST_INPUT = 16 * 1_024;
  private static final Pattern DONE = Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+)");

  /** Their branches guide the fuzzer through what stands before our own. */
  private static final String GUIDING =
      "io.easyagent.**:org.snakeyaml.**:com.fasterxml.jackson.core.**:"
          + "org.apache.commons.compress.archivers.**";

  private final Path folder;

  /**
   * @param folder of the corpora, which grow from run to run, and of what is found
   */
  FuzzRun(Path folder) {
    this.folder = folder;
  }

  /**
   * How a run ended.
   *
   * @param coverage branches that were reached
   * @param finding what the fuzzer printed of it; empty when it found nothing
   */
  record Report(String target, long inputs, long coverage, String finding) {
    boolean clean() {
      return finding.isEmpty();
    }
  }

  Report run(String target, Duration time)
      throws IOException, InterruptedException, ReflectiveOperationException {
    Path corpus = Files.createDirectories(folder.resolve("corpus").resolve(target));
    Path found = Files.createDirectories(folder.resolve("findings").resolve(target));
    List<byte[]> seeds = FuzzTargets.require(target).seeds();
    for (int index = 0; index < seeds.size(); index++) {
      Files.write(corpus.resolve("seed-" + index), seeds.get(index));
    }
    Path log = folder.resolve(target + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-Xss1m",
                "-XX:+UseSerialGC",
                time.compareTo(OPTIMIZED_FROM) < 0
                    ? "-XX:TieredStopAtLevel=1"
                    : "-XX:+TieredCompilation",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + FuzzEntry.TARGET + "=" + target,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=" + GUIDING,
                "--reproducer_path=" + found,
                "-artifact_prefix=" + found + "/",
                "-timeout=" + INPUT_SECONDS,
                "-rss_limit_mb=" + MEGABYTES,
                "-max_len=" + LARGEST_INPUT,
                "-max_total_time=" + time.toSeconds(),
                corpus.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(time.plus(START).toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return report(target, log, "not ended " + START + " after its time");
    }
    return report(target, log, process.exitValue() == 0 ? "" : finding(log, found));
  }

  private static Report report(String target, Path log, String finding) throws IOException {
    long inputs = 0;
    long coverage = 0;
    Matcher matcher = DONE.matcher(Files.readString(log));
    while (matcher.find()) {
      inputs = Long.parseLong(matcher.group(1));
      coverage = Long.parseLong(matcher.group(2));
    }
    return new Report(target, inputs, coverage, finding);
  }

  private static String finding(Path log, Path found) throws IOException {
    List<String> lines = Files.readAllLines(log);
    int start = 0;
    while (start < lines.size() && !lines.get(start).startsWith("==")) {
      start++;
    }
    try (Stream<Path> files = Files.list(found)) {
      return String.join("\n", lines.subList(start, Math.min(lines.size(), start + 40)))
          + "\ninputs: "
          + files.map(Path::toString).toList();
    }
  }
}
