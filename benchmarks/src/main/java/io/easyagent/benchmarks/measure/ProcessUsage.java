package io.easyagent.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process takes, as Linux tells in {@code /proc/PID}.
 *
 * @param cpuSeconds user and system time of all its threads, since its start; children not counted
 * @param residentBytes VmRSS
 * @param peakBytes VmHWM, the most that VmRSS ever was
 */
public record ProcessUsage(double cpuSeconds, long residentBytes, long peakBytes) {
  /** The kernel's USER_HZ, the same on every platform that Java 25 runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Of the fields after the command's name, which is in brackets and may hold anything. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  public static ProcessUsage of(long pid) throws IOException {
    Path folder = Path.of("/proc", Long.toString(pid));
    return parse(
        Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1),
        Files.readString(folder.resolve("status"), StandardCharsets.ISO_8859_1));
  }

  /**
   * @throws IllegalArgumentException when a field is not there
   */
  public static ProcessUsage parse(String stat, String status) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    if (fields.length <= SYSTEM_TIME) {
      throw new IllegalArgumentException("stat: " + stat.strip() + " (expected: proc(5))");
    }
    return new ProcessUsage(
        (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
            / TICKS_PER_SECOND,
        bytes(status, "VmRSS"),
        bytes(status, "VmHWM"));
  }

  private static long bytes(String status, String field) {
    return status
            .lines()
            .filter(line -> line.startsWith(field + ":"))
            .map(line -> line.replaceAll("\\D", ""))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("status: no " + field + " (expected: proc(5))"))
        * 1_024;
  }
}
