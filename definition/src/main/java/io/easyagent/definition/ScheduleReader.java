package io.easyagent.definition;

import static io.easyagent.definition.Decoders.choice;
import static io.easyagent.definition.Decoders.duration;
import static io.easyagent.definition.Decoders.text;

import io.easyagent.cron.CronLine;
import io.easyagent.cron.CronReading;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Reads when an agent runs, and refuses what does not go with that. */
final class ScheduleReader {
  private static final List<String> KEYS =
      List.of("cron", "timezone", "jitter", "overlap", "missed");
  private static final Duration LONGEST_JITTER = Duration.ofHours(1);

  private ScheduleReader() {}

  /** Notes as faults what a scheduled agent cannot have, and a schedule of another one. */
  static Optional<Schedule> read(Section root, AgentType type) {
    if (type != AgentType.SCHEDULED) {
      return root.find(
          "schedule",
          found -> found.fault("a schedule (expected: none, as the type is not scheduled)"));
    }
    for (String key : List.of("ready", "health")) {
      root.find(
          key, found -> found.fault(key + " (expected: no " + key + ", as the type is scheduled)"));
    }
    return root.require("schedule", ScheduleReader::schedule);
  }

  private static Optional<Schedule> schedule(Found found) {
    return Section.open(found, KEYS)
        .flatMap(section -> {
          Optional<String> cron = section.require("cron", ScheduleReader::cron);
          String timezone =
              section.find("timezone", ScheduleReader::timezone).orElse(Schedule.DEFAULT_TIMEZONE);
          Duration jitter =
              section
                  .find("jitter", duration(Duration.ZERO, LONGEST_JITTER))
                  .orElse(Schedule.DEFAULT_JITTER);
          Schedule.Overlap overlap =
              section.find("overlap", choice(Words.OVERLAPS)).orElse(Schedule.DEFAULT_OVERLAP);
          Schedule.Missed missed =
              section.find("missed", choice(Words.MISSED)).orElse(Schedule.DEFAULT_MISSED);
          return cron.map(line -> new Schedule(line, timezone, jitter, overlap, missed));
        });
  }

  private static Optional<String> cron(Found found) {
    return text()
        .decode(found)
        .flatMap(text ->
            switch (CronLine.read(text)) {
              case CronReading.Line _ -> Optional.of(text);
              case CronReading.Fault(String message) -> found.fault(message);
            });
  }

  private static Optional<String> timezone(Found found) {
    return text()
        .decode(found)
        .flatMap(text ->
            ZoneId.getAvailableZoneIds().contains(text)
                ? Optional.of(text)
                : found.fault(
                    Shown.of(text)
                        + Nearest.find(text, ZoneId.getAvailableZoneIds())
                            .map(nearest -> " (did you mean " + nearest + "?)")
                            .orElse(" (expected: a time zone like Europe/Berlin, or UTC)")));
  }
}
