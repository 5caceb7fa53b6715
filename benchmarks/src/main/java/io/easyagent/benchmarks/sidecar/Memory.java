package io.easyagent.benchmarks.sidecar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What processes hold, as Linux tells in {@code /proc/PID/smaps_rollup}.
 *
 * @param residentBytes with pages that others map too, in full
 * @param proportionalBytes with a page that n processes map as its n-th part
 * @param privateDirtyBytes written to, and nobody else's: what the end of the process would free
 */
record Memory(long residentBytes, long proportionalBytes, long privateDirtyBytes) {
  static final Memory NONE = new Memory(0, 0, 0);

  static Memory of(long pid) throws IOException {
    return parse(
        Files.readString(
            Path.of("/proc", Long.toString(pid), "smaps_rollup"), StandardCharsets.ISO_8859_1));
  }

  /**
   * @throws IllegalArgumentException when a field is not there
   */
  static Memory parse(String rollup) {
    return new Memory(
        bytes(rollup, "Rss:"), bytes(rollup, "Pss:"), bytes(rollup, "Private_Dirty:"));
  }

  Memory plus(Memory other) {
    return new Memory(
        residentBytes + other.residentBytes,
        proportionalBytes + other.proportionalBytes,
        privateDirtyBytes + other.privateDirtyBytes);
  }

  private static long bytes(String rollup, String field) {
    return rollup
            .lines()
            .filter(line -> line.startsWith(field))
            .map(line -> line.substring(field.length()).replace("kB", "").strip())
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException("smaps_rollup: no " + field + " (expected: proc(5))"))
        * 1_024;
  }
}
