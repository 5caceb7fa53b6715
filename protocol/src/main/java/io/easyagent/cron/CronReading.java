package io.easyagent.cron;

/** What a text is, read as a cron line. */
public sealed interface CronReading {
  record Line(CronLine line) implements CronReading {}

  /**
   * @param message the place in the text, what stands there, and what was expected; one line
   */
  record Fault(String message) implements CronReading {}
}
