package io.easyagent.benchmarks.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** What a figure is counted in, and how people read it. */
public enum Unit {
  BYTES,
  SECONDS,
  MILLIS,
  MICROS,
  PERCENT,
  COUNT,
  PER_SECOND,
  /** A megabyte is 1,000,000 bytes. */
  MEGABYTES_PER_SECOND;

  private static final double MIB = 1 << 20;
  private static final double THOUSAND = 1_000;

  /** For people. */
  public String text(double value) {
    return switch (this) {
      case BYTES -> number(value / MIB) + " MiB";
      case SECONDS -> number(value) + " s";
      case MILLIS -> number(value) + " ms";
      case MICROS -> number(value) + " µs";
      case PERCENT -> number(value) + " %";
      case COUNT -> String.format(Locale.ROOT, "%,.0f", value);
      case PER_SECOND -> number(value) + "/s";
      case MEGABYTES_PER_SECOND -> number(value) + " MB/s";
    };
  }

  /** For programs: whole bytes and counts, three decimals of everything else. */
  public void put(ObjectNode json, String key, double value) {
    switch (this) {
      case BYTES, COUNT -> json.put(key, Math.round(value));
      case SECONDS, MILLIS, MICROS, PERCENT, PER_SECOND, MEGABYTES_PER_SECOND ->
          json.put(key, Math.round(value * THOUSAND) / THOUSAND);
    }
  }

  /** Three digits that say something, and no more than there are. */
  private static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.01 ? "%.2f" : "%.4f";
    return size == 0 ? "0" : String.format(Locale.ROOT, format, value);
  }
}
