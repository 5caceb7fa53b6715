package io.easyagent.benchmarks.sidecar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the agent's program has written of itself into its file, in all its lives; see {@code
 * agent.c}.
 *
 * @param starts in their order
 * @param written empty until it has written for as long as it was asked to
 */
record Witness(List<Start> starts, Optional<Written> written) {
  private static final double MEGA = 1e6;
  private static final double NANOS = 1e9;

  Witness {
    starts = List.copyOf(starts);
  }

  /**
   * @param nanos of the monotonic clock, the same as this program's
   */
  record Start(long pid, long nanos) {}

  /**
   * @param nanos how long it took
   */
  record Written(long bytes, long nanos) {
    double megabytesPerSecond() {
      return bytes / MEGA / seconds();
    }

    double seconds() {
      return nanos / NANOS;
    }
  }

  static Witness of(Path file) throws IOException {
    return parse(Files.readString(file, StandardCharsets.US_ASCII));
  }

  /**
   * A line without its end is not there yet.
   *
   * @throws IllegalArgumentException for a line that the agent's program does not write
   */
  static Witness parse(String text) {
    List<Start> starts = new ArrayList<>();
    Optional<Written> written = Optional.empty();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length != 3) {
        throw unexpected(line);
      }
      long one = Long.parseLong(words[1]);
      long other = Long.parseLong(words[2]);
      switch (words[0]) {
        case "started" -> starts.add(new Start(one, other));
        case "wrote" -> written = Optional.of(new Written(one, other));
        default -> throw unexpected(line);
      }
    }
    return new Witness(starts, written);
  }

  private static IllegalArgumentException unexpected(String line) {
    return new IllegalArgumentException(
        "witness: " + line + " (expected: started PID NANOS or wrote BYTES NANOS)");
  }

  /** The life that lasts. */
  Optional<Start> latest() {
    return starts.isEmpty() ? Optional.empty() : Optional.of(starts.getLast());
  }
}
