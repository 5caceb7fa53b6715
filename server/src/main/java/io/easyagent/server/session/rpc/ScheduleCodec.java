package io.easyagent.server.session.rpc;

import io.easyagent.protocol.Schedule;

/** Schedules of definitions, from hosts. */
final class ScheduleCodec {
  private ScheduleCodec() {}

  /**
   * @throws IllegalArgumentException for a word that this server does not know
   */
  static io.easyagent.definition.Schedule schedule(Schedule wire) {
    return new io.easyagent.definition.Schedule(
        wire.getCron(),
        wire.getTimezone(),
        WireTimes.duration(wire.getJitter()),
        switch (wire.getOverlap()) {
          case SKIP -> io.easyagent.definition.Schedule.Overlap.SKIP;
          case QUEUE -> io.easyagent.definition.Schedule.Overlap.QUEUE;
          case REPLACE -> io.easyagent.definition.Schedule.Overlap.REPLACE;
          case UNRECOGNIZED -> throw new IllegalArgumentException("overlap: not known");
        },
        switch (wire.getMissed()) {
          case MISSED_SKIP -> io.easyagent.definition.Schedule.Missed.SKIP;
          case MISSED_ONCE -> io.easyagent.definition.Schedule.Missed.ONCE;
          case UNRECOGNIZED -> throw new IllegalArgumentException("missed: not known");
        });
  }
}
