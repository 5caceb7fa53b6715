package io.easyagent.fuzz;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** {@code ./dev fuzz}: each target for a while; ends with 1 when one of them found something. */
public final class Fuzz {
  private static final String USAGE =
      "usage: ./dev fuzz [--seconds N] [TARGET...]   (default: 600 seconds each, all targets)";

  private Fuzz() {}

  public static void main(String[] words) throws Exception {
    System.exit(run(List.of(words), System.out));
  }

  private static int run(List<String> words, PrintStream out) throws Exception {
    Duration time = Duration.ofMinutes(10);
    List<String> targets = new ArrayList<>();
    for (int index = 0; index < words.size(); index++) {
      String word = words.get(index);
      if (word.equals("--seconds") && index + 1 < words.size()) {
        index++;
        if (!words.get(index).matches("[1-9]\\d{0,6}")) {
          out.println("--seconds: " + words.get(index) + " (expected: a whole number above 0)");
          return 2;
        }
        time = Duration.ofSeconds(Long.parseLong(words.get(index)));
      } else if (FuzzTargets.ALL.containsKey(word)) {
        targets.add(word);
      } else {
        out.println(
            "target: "
                + word
                + " (expected: one of "
                + String.join(", ", new TreeSet<>(FuzzTargets.ALL.keySet()))
                + ")");
        out.println(USAGE);
        return 2;
      }
    }
    FuzzRun run = new FuzzRun(Path.of("fuzz", "target", "fuzz"));
    boolean clean = true;
    for (String target : targets.isEmpty() ? FuzzTargets.ALL.keySet() : targets) {
      FuzzRun.Report report = run.run(target, time);
      out.printf(
          "%-20s %,12d inputs, %,6d branches  %s%n",
          target, report.inputs(), report.coverage(), report.clean() ? "ok" : "FOUND");
      if (!report.clean()) {
        out.println(report.finding());
        clean = false;
      }
    }
    return clean ? 0 : 1;
  }
}
