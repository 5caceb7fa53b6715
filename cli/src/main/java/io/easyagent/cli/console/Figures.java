package io.easyagent.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** Numbers, sizes, durations and times as people read them. */
public final class Figures {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Figures() {}

  /** With commas between thousands. */
  public static String count(long number) {
    String digits = Long.toString(Math.abs(number));
    StringBuilder text = new StringBuilder(number < 0 ? "-" : "");
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % 3 == 0) {
        text.append(',');
      }
      text.append(digits.charAt(i));
    }
    return text.toString();
  }

  /** The number and its noun, which takes an s unless it is one. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  public static String size(long bytes) {
    long tenths = bytes * 10;
    int unit = 0;
    while (tenths >= 10240 && unit < UNITS.length - 1) {
      tenths /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : tenths / 10 + (tenths < 1000 ? "." + tenths % 10 : "") + " " + UNITS[unit];
  }

  /** In one unit, or two where the first says little: 34s, 2m, 3h12m, 5d4h, 40d. */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m";
    }
    if (seconds < 86_400) {
      return two(seconds / 3600, "h", seconds % 3600 / 60, "m");
    }
    long days = seconds / 86_400;
    return days < 10 ? two(days, "d", seconds % 86_400 / 3600, "h") : days + "d";
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + largeUnit + (small == 0 ? "" : small + smallUnit);
  }

  /** The time of day when it is today, else the date. */
  public static String shortTime(Instant time, Instant now, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    if (local.toLocalDate().equals(LocalDateTime.ofInstant(now, zone).toLocalDate())) {
      return pad(local.getHour()) + ":" + pad(local.getMinute());
    }
    return local.toLocalDate().toString();
  }

  /** The time of day, with its date unless it is today. */
  public static String minute(Instant time, Instant now, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    String today = LocalDateTime.ofInstant(now, zone).toLocalDate().toString();
    String date = local.toLocalDate().toString();
    return (date.equals(today) ? "" : date + " ")
        + pad(local.getHour())
        + ":"
        + pad(local.getMinute());
  }

  /** Date and time to the second, in the zone of the one who reads. */
  public static String fullTime(Instant time, ZoneId zone) {
    return LocalDateTime.ofInstant(time, zone).toLocalDate() + " " + timeOfDay(time, zone);
  }

  public static String timeOfDay(Instant time, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    return pad(local.getHour()) + ":" + pad(local.getMinute()) + ":" + pad(local.getSecond());
  }

  private static String pad(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }
}
