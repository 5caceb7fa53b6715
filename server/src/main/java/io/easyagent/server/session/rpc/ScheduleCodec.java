package io.easyagent.server.session.rpc;

import io.easyagent.protocol.Schedule;

/** Schedules of definitions, to hosts and back. */
final class ScheduleCodec {
  private ScheduleCodec() {}

  static Schedule wire(io.easyagent.server.agent.definition.Schedule schedule) {
    return Schedule.newBuilder()
        .setCron(schedule.cron())
        .setTimezone(schedule.timezone())
        .setJitter(WireTimes.of(schedule.jitter()))
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

  /**
   * @throws IllegalArgumentException for a word that this server does not know
   */
  static io.easyagent.server.agent.definition.Schedule schedule(Schedule wire) {
    return new io.easyagent.server.agent.definition.Schedule(
        wire.getCron(),
        wire.getTimezone(),
        WireTimes.duration(wire.getJitter()),
        switch (wire.getOverlap()) {
          case SKIP -> io.easyagent.server.agent.definition.Schedule.Overlap.SKIP;
          case QUEUE -> io.easyagent.server.agent.definition.Schedule.Overlap.QUEUE;
          case REPLACE -> io.easyagent.server.agent.definition.Schedule.Overlap.REPLACE;
          case UNRECOGNIZED -> throw new IllegalArgumentException("overlap: not known");
        },
        switch (wire.getMissed()) {
          case MISSED_SKIP -> io.easyagent.server.agent.definition.Schedule.Missed.SKIP;
          case MISSED_ONCE -> io.easyagent.server.agent.definition.Schedule.Missed.ONCE;
          case UNRECOGNIZED -> throw new IllegalArgumentException("missed: not known");
        });
  }
}
