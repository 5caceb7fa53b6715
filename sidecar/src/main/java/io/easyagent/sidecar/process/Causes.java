package io.easyagent.sidecar.process;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** One-line causes for people. */
public final class Causes {
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private Causes() {}

  /** For example {@code exit 1 after 0.4 s: "data path already locked"}. */
  public static String of(ProcessEnd end, Duration ranFor, String lastOutput) {
    String quoted = lastOutput.isEmpty() ? "" : ": \"" + lastOutput + "\"";
    return switch (end) {
      case ProcessEnd.Exited(int status) ->
          "exit " + status + " after " + duration(ranFor) + quoted;
      case ProcessEnd.Signalled(int signal) ->
          "ended by " + signalName(signal) + " after " + duration(ranFor) + quoted;
      case ProcessEnd.Unknown(String reason) -> "ended, how is not known: " + reason;
      case ProcessEnd.NotStarted(String reason) ->
          "not started: " + reason + (lastOutput.isEmpty() ? "" : quoted);
      case ProcessEnd.OutOfMemory(OptionalLong limit) ->
          outOfMemory(limit) + ", after " + duration(ranFor) + quoted;
    };
  }

  /** For an end that nobody saw: for example {@code exit 1}. */
  public static String ofUnwatched(ProcessEnd end) {
    return switch (end) {
      case ProcessEnd.Exited(int status) -> "exit " + status;
      case ProcessEnd.Signalled(int signal) -> "ended by " + signalName(signal);
      case ProcessEnd.OutOfMemory(OptionalLong limit) -> outOfMemory(limit);
      case ProcessEnd.Unknown _, ProcessEnd.NotStarted _ -> of(end, Duration.ZERO, "");
    };
  }

  /**
   * For example {@code out of memory: limit 512MiB}.
   *
   * @param limit that was exceeded; empty: none of the agent's
   */
  public static String outOfMemory(OptionalLong limit) {
    return limit.isPresent()
        ? "out of memory: limit " + size(limit.getAsLong())
        : "out of memory: the host's, or of a cgroup around it";
  }

  /** As a definition has it: in the largest unit that it is a whole number of. */
  public static String size(long bytes) {
    long left = bytes;
    int unit = 0;
    while (unit < UNITS.size() - 1 && left > 0 && left % 1024 == 0) {
      left /= 1024;
      unit++;
    }
    return left + UNITS.get(unit);
  }

  /** For example {@code 0.4 s}, {@code 34 s}, {@code 12 m}, {@code 3 h}. */
  public static String duration(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(10)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (duration.compareTo(Duration.ofMinutes(2)) < 0) {
      return duration.toSeconds() + " s";
    }
    return duration.compareTo(Duration.ofHours(2)) < 0
        ? duration.toMinutes() + " m"
        : duration.toHours() + " h";
  }

  private static String signalName(int number) {
    return Signals.findName(number).map(name -> "SIG" + name).orElse("signal " + number);
  }
}
