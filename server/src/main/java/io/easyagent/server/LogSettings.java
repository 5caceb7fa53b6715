package io.easyagent.server;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Where the server's log goes.
 *
 * @param file rotated; absent: standard error, where systemd's journal takes it
 * @param level ERROR, WARN, INFO, DEBUG or TRACE
 * @param mostBytes when a new file is begun
 * @param keep how many full files are kept
 */
record LogSettings(Optional<Path> file, String level, long mostBytes, int keep) {
  private static final long LEAST_BYTES = 64 * 1024;
  private static final int MOST_KEPT = 20;

  /**
   * @throws IllegalArgumentException naming the key, its value and what was expected
   */
  LogSettings {
    if (!Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE").contains(level)) {
      throw new IllegalArgumentException(
          "logLevel: " + level + " (expected: ERROR, WARN, INFO, DEBUG or TRACE)");
    }
    if (mostBytes < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "logMaxSize: " + mostBytes + "B (expected: at least 64KiB)");
    }
    if (keep < 1 || keep > MOST_KEPT) {
      throw new IllegalArgumentException(
          "logKeep: %d (expected: 1 to %d)".formatted(keep, MOST_KEPT));
    }
  }
}
