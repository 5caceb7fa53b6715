package io.easyagent.sidecar.wire;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.Schedule;
import java.time.Duration;

/** Schedules of definitions, and what a definition with one must fulfil. */
final class ScheduleCodec {
  private static final int LONGEST = 256;
  private static final Duration LONGEST_JITTER = Duration.ofHours(1);

  private ScheduleCodec() {}

  /** The shape only. */
  static Schedule decode(io.easyagent.protocol.Schedule message) throws WireException {
    return new Schedule(
        Fields.text(message.getCron(), "definition.schedule.cron"),
        Fields.text(message.getTimezone(), "definition.schedule.timezone"),
        Fields.duration(message.hasJitter(), message.getJitter(), "definition.schedule.jitter"),
        switch (message.getOverlap()) {
          case SKIP -> Schedule.Overlap.SKIP;
          case QUEUE -> Schedule.Overlap.QUEUE;
          case REPLACE -> Schedule.Overlap.REPLACE;
          case UNRECOGNIZED ->
              throw WireException.unexpected(
                  "definition.schedule.overlap", "unknown", "skip, queue or replace");
        },
        switch (message.getMissed()) {
          case MISSED_SKIP -> Schedule.Missed.SKIP;
          case MISSED_ONCE -> Schedule.Missed.ONCE;
          case UNRECOGNIZED ->
              throw WireException.unexpected(
                  "definition.schedule.missed", "unknown", "skip or once");
        });
  }

  static io.easyagent.protocol.Schedule encode(Schedule schedule) {
    return io.easyagent.protocol.Schedule.newBuilder()
        .setCron(schedule.cron())
        .setTimezone(schedule.timezone())
        .setJitter(Fields.duration(schedule.jitter()))
        .setOverlap(
            switch (schedule.overlap()) {
              case SKIP -> io.easyagent.protocol.Schedule.Overlap.SKIP;
              case QUEUE -> io.easyagent.protocol.Schedule.Overlap.QUEUE;
              case REPLACE -> io.easyagent.protocol.Schedule.Overlap.REPLACE;
            })
        .setMissed(
            switch (schedule.missed()) {
              case SKIP -> io.easyagent.protocol.Schedule.Missed.MISSED_SKIP;
              case ONCE -> io.easyagent.protocol.Schedule.Missed.MISSED_ONCE;
            })
        .build();
  }

  /** That type and schedule go together, and that this host can keep to it. */
  static void check(AgentDefinition definition) throws WireException {
    boolean scheduled = definition.type() == AgentType.SCHEDULED;
    if (scheduled != definition.schedule().isPresent()) {
      throw WireException.unexpected(
          "definition.schedule",
          scheduled ? "none" : "one",
          scheduled ? "one, as the type is scheduled" : "none, as the type is not scheduled");
    }
    if (!scheduled) {
      return;
    }
    if (definition.ready().isPresent() || definition.health().isPresent()) {
      throw WireException.unexpected(
          "definition", "ready or health", "neither, as the type is scheduled");
    }
    if (definition.restart().policy() != RestartRule.Policy.NEVER) {
      throw WireException.unexpected(
          "definition.restart.policy",
          definition.restart().policy(),
          "never, as the type is scheduled");
    }
    check(definition.schedule().get());
  }

  private static void check(Schedule schedule) throws WireException {
    if (schedule.cron().length() > LONGEST || schedule.timezone().length() > LONGEST) {
      throw new WireException("definition.schedule: longer than " + LONGEST + " characters");
    }
    if (schedule.jitter().compareTo(LONGEST_JITTER) > 0) {
      throw WireException.unexpected(
          "definition.schedule.jitter",
          schedule.jitter().toSeconds() + " s",
          "at most " + LONGEST_JITTER.toSeconds() + " s");
    }
    try {
      schedule.times();
    } catch (IllegalArgumentException refused) {
      throw new WireException("definition." + refused.getMessage());
    }
  }
}
