package io.easyagent.definition.wire;

import io.easyagent.protocol.Schedule;

/** Schedules of definitions, as hosts get them. */
final class ScheduleCodec {
  private ScheduleCodec() {}

  static Schedule wire(io.easyagent.definition.Schedule schedule) {
    return Schedule.newBuilder()
        .setCron(schedule.cron())
        .setTimezone(schedule.timezone())
        .setJitter(DefinitionCodec.duration(schedule.jitter()))
        .setOverlap(
            switch (schedule.overlap()) {
              case SKIP -> Schedule.Overlap.SKIP;
              case QUEUE -> Schedule.Overlap.QUEUE;
              case REPLACE -> Schedule.Overlap.REPLACE;
            })
        .setMissed(
            switch (schedule.missed()) {
              case SKIP -> Schedule.Missed.MISSED_SKIP;
              case ONCE -> Schedule.Missed.MISSED_ONCE;
            })
        .build();
  }
}
