package io.easyagent.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Cron lines: one that is read comes, again and again, and within 40 years. */
public final class CronTarget implements FuzzTarget {
  private static final Duration LONGEST = Duration.ofDays(366 * 40 + 1);

  /** Before a change of the clocks, and before a leap year that is left out. */
  private static final List<Instant> MOMENTS =
      List.of(Instant.parse("2026-03-28T23:30:00Z"), Instant.parse("2096-12-31T23:59:59Z"));

  @Override
  public List<byte[]> seeds() {
    return List.of(
        "*/5 2-4 * * 1-5".getBytes(UTF_8),
        "0,30 8-17/2 1,15 jan-mar,dec sun,3,5-7".getBytes(UTF_8),
        "0 0 29 2 */2".getBytes(UTF_8),
        " 59\t23  31 12 * ".getBytes(UTF_8),
        "@monthly".getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    switch (CronLine.read(new String(input, UTF_8))) {
      case CronReading.Fault(String message) -> {
        FuzzTarget.must(message.length() < 300, "a message of any length");
        FuzzTarget.must(message.contains("(expected: "), "what was expected: " + message);
      }
      case CronReading.Line(CronLine line) -> {
        for (String zone : List.of("UTC", "Europe/Berlin", "Australia/Lord_Howe")) {
          CronTimes times = new CronTimes(line, ZoneId.of(zone));
          for (Instant at : MOMENTS) {
            Instant next = times.next(at);
            FuzzTarget.must(next.isAfter(at), "a moment that is past");
            FuzzTarget.must(!next.isAfter(at.plus(LONGEST)), "a moment that never comes");
            FuzzTarget.must(times.next(next).isAfter(next), "a moment that comes twice");
          }
        }
      }
    }
  }
}
