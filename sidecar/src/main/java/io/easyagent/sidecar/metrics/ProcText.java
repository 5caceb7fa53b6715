package io.easyagent.sidecar.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parsers of what {@code /proc} holds (proc(5)). Fields that are not understood are left out. */
final class ProcText {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}([.][0-9]{1,18})?");

  private ProcText() {}

  /** Clock ticks since boot, of all processors together. */
  record CpuTimes(long total, long idle) {}

  /**
   * @param ticks of processor time, user and system
   * @param startTicks when it began, since boot
   * @param residentPages pages in memory
   */
  record ProcessStat(
      int pid,
      String name,
      int parent,
      long ticks,
      long threads,
      long startTicks,
      long residentPages) {}

  /** Bytes that a process has had read from and written to disks. */
  record DiskTraffic(long read, long written) {}

  record Interface(String name, long received, long sent) {}

  /** The first line of {@code /proc/stat}; waiting for a disk counts as idle. */
  static CpuTimes cpuTimes(String stat) {
    for (String line : stat.lines().toList()) {
      if (line.startsWith("cpu ")) {
        String[] fields = line.trim().split("\\s+");
        long total = 0;
        // Guest time, from the ninth on, is part of user time already.
        for (int index = 1; index < Math.min(fields.length, 9); index++) {
          total += number(fields, index);
        }
        return new CpuTimes(total, number(fields, 4) + number(fields, 5));
      }
    }
    return new CpuTimes(0, 0);
  }

  /** {@code /proc/meminfo}, in bytes. */
  static Map<String, Long> memory(String meminfo) {
    Map<String, Long> bytes = new HashMap<>();
    for (String line : meminfo.lines().toList()) {
      String[] fields = line.split("[:\\s]+");
      if (fields.length >= 3 && fields[2].equals("kB")) {
        bytes.put(fields[0], number(fields, 1) * 1_024);
      }
    }
    return bytes;
  }

  /** {@code /proc/PID/stat}; a program's name may hold spaces and parentheses. */
  static Optional<ProcessStat> process(String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 0 || close < open) {
      return Optional.empty();
    }
    String[] fields = stat.substring(close + 1).trim().split("\\s+");
    if (fields.length < 22) {
      return Optional.empty();
    }
    // The first field here is the third of proc(5).
    return Optional.of(
        new ProcessStat(
            (int) number(stat.substring(0, open).trim()),
            stat.substring(open + 1, close),
            (int) number(fields, 1),
            number(fields, 11) + number(fields, 12),
            number(fields, 17),
            number(fields, 19),
            number(fields, 21)));
  }

  /**
   * {@code /proc/PID/io}; what was written and taken back before it reached a disk does not count.
   */
  static DiskTraffic diskTraffic(String io) {
    Map<String, Long> bytes = new HashMap<>();
    for (String line : io.lines().toList()) {
      String[] fields = line.split(": ");
      if (fields.length == 2) {
        bytes.put(fields[0], number(fields[1].trim()));
      }
    }
    return new DiskTraffic(
        bytes.getOrDefault("read_bytes", 0L),
        Math.max(
            0,
            bytes.getOrDefault("write_bytes", 0L)
                - bytes.getOrDefault("cancelled_write_bytes", 0L)));
  }

  /** {@code /proc/net/dev}, without the loopback. */
  static List<Interface> interfaces(String dev) {
    List<Interface> interfaces = new ArrayList<>();
    for (String line : dev.lines().skip(2).toList()) {
      int colon = line.indexOf(':');
      String[] fields = line.substring(colon + 1).trim().split("\\s+");
      String name = colon < 0 ? "" : line.substring(0, colon).trim();
      if (!name.isEmpty() && !name.equals("lo") && fields.length >= 9) {
        interfaces.add(new Interface(name, number(fields, 0), number(fields, 8)));
      }
    }
    return interfaces;
  }

  /** The mount points of block devices in {@code /proc/mounts}, each device once. */
  static List<String> disks(String mounts) {
    Map<String, String> byDevice = new LinkedHashMap<>();
    for (String line : mounts.lines().toList()) {
      String[] fields = line.split(" ");
      if (fields.length > 2 && fields[0].startsWith("/dev/")) {
        byDevice.putIfAbsent(fields[0], fields[1].replace("\\040", " "));
      }
    }
    return List.copyOf(byDevice.values());
  }

  /** The first number of a file such as {@code /proc/loadavg} or {@code /proc/uptime}. */
  static double firstNumber(String text) {
    String[] fields = text.trim().split("\\s+");
    return DECIMAL.matcher(fields[0]).matches() ? Double.parseDouble(fields[0]) : 0;
  }

  private static long number(String[] fields, int index) {
    return index < fields.length ? number(fields[index]) : 0;
  }

  /** 0 for what is no number: one strange line must not cost the host its metrics. */
  private static long number(String text) {
    return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
  }

  /** {@code KEY=value} lines of {@code /etc/os-release}, quotes removed. */
  static Map<String, String> assignments(String text) {
    Map<String, String> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1).replaceAll("^\"|\"$", ""));
      }
    }
    return values;
  }
}
