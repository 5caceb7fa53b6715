package io.easyagent.benchmarks.fleet;

import java.util.Locale;

/** What a figure is counted in, and how people read it. */
enum Unit {
  BYTES,
  SECONDS,
  MILLIS,
  MICROS,
  PERCENT,
  COUNT,
  PER_SECOND;

  private static final double MIB = 1 << 20;

  /** For people. */
  String text(double value) {
    return switch (this) {
      case BYTES -> number(value / MIB) + " MiB";
      case SECONDS -> number(value) + " s";
      case MILLIS -> number(value) + " ms";
      case MICROS -> number(value) + " µs";
      case PERCENT -> number(value) + " %";
      case COUNT -> String.format(Locale.ROOT, "%,.0f", value);
      case PER_SECOND -> number(value) + "/s";
    };
  }

  /** Three digits that say something, and no more than there are. */
  private static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.01 ? "%.2f" : "%.4f";
    return size == 0 ? "0" : String.format(Locale.ROOT, format, value);
  }
}
