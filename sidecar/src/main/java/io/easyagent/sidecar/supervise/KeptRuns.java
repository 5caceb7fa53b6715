package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.process.Runs;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What must survive of a scheduled agent's runs.
 *
 * @param times the schedule's line and time zone, which the moments are of
 * @param decided the last moment of which it is decided what becomes of it
 * @param lastRun how the last run ended, for people; may be empty
 */
record KeptRuns(String times, Instant decided, Runs runs, String lastRun) {
  private static final String VERSION = "1";
  private static final String NONE = "-";

  /** One line, without tabs in any field but the last. */
  static String timesOf(Schedule schedule) {
    return (schedule.cron() + " " + schedule.timezone()).replaceAll("\\s+", " ");
  }

  String encode() {
    return String.join(
            "\t",
            VERSION,
            decided.toString(),
            text(runs.current()),
            text(runs.queued()),
            Long.toString(runs.failures()),
            times,
            lastRun.replaceAll("\\p{Cntrl}", " "))
        + "\n";
  }

  private static String text(Optional<Instant> moment) {
    return moment.map(Instant::toString).orElse(NONE);
  }

  /** Empty when the text is not a whole record. */
  static Optional<KeptRuns> decode(String text) {
    String[] fields = text.split("\t", 7);
    if (fields.length != 7 || !text.endsWith("\n") || !fields[0].equals(VERSION)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new KeptRuns(
              fields[5],
              Instant.parse(fields[1]),
              new Runs(moment(fields[2]), moment(fields[3]), Long.parseLong(fields[4])),
              fields[6].substring(0, fields[6].length() - 1)));
    } catch (DateTimeParseException | NumberFormatException notARecord) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> moment(String text) {
    return text.equals(NONE) ? Optional.empty() : Optional.of(Instant.parse(text));
  }
}
