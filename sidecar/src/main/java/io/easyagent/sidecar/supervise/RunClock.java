package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.process.ProcessAction;
import io.easyagent.sidecar.process.ProcessLife;
import io.easyagent.sidecar.schedule.Look;
import io.easyagent.sidecar.schedule.Timetable;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Looks at the wall clock for one agent's schedule: when the next run begins, and at least once a
 * minute. For the agent's mailbox only.
 */
final class RunClock {
  private final ScheduledRuns runs;
  private final ScheduledExecutorService scheduler;
  private final Mailbox mailbox;
  private final Runnable look;
  private final BiConsumer<String, String> happened;
  private Optional<Future<?>> next = Optional.empty();
  private long looks;

  /**
   * @param look called on the mailbox; is to call {@link #findDue}
   * @param happened kind and message of what is told to people
   */
  RunClock(
      ScheduledRuns runs,
      ScheduledExecutorService scheduler,
      Mailbox mailbox,
      Runnable look,
      BiConsumer<String, String> happened) {
    this.runs = runs;
    this.scheduler = scheduler;
    this.mailbox = mailbox;
    this.look = look;
    this.happened = happened;
  }

  /** Sees to the next look, as long as the schedule is kept to. */
  void follow(ProcessLife life) {
    if (!runs.isOn(life)) {
      cancel();
    } else if (next.isEmpty()) {
      long number = ++looks;
      next =
          Optional.of(
              scheduler.schedule(
                  () -> mailbox.post(() -> lookNow(number)),
                  runs.untilLook().toNanos(),
                  TimeUnit.NANOSECONDS));
    }
  }

  void cancel() {
    next.ifPresent(current -> current.cancel(false));
    next = Optional.empty();
  }

  /** One that was on its way when it was cancelled is none: another one has taken its place. */
  private void lookNow(long number) {
    if (next.isPresent() && number == looks) {
      next = Optional.empty();
      look.run();
    }
  }

  /** The run that is to begin now; what was missed is told. */
  Optional<Instant> findDue(ProcessLife life, Optional<Schedule> schedule) {
    if (!runs.isOn(life)) {
      return Optional.empty();
    }
    return switch (runs.look()) {
      case Look.Nothing() -> Optional.empty();
      case Look.Due(Instant due, long missed) -> {
        if (missed > 0) {
          tellMissed(missed, "before the one due " + shown(schedule, due));
        }
        yield Optional.of(due);
      }
      case Look.Missed(Instant last, long count) -> {
        runs.follow(life);
        tellMissed(count, "the last one due " + shown(schedule, last));
        yield Optional.empty();
      }
    };
  }

  private void tellMissed(long count, String which) {
    String missed =
        count >= Timetable.COUNTED_MOST
            ? count + " runs or more were"
            : count == 1 ? "1 run was" : count + " runs were";
    happened.accept(ProcessAction.Kind.RUN_MISSED.word(), missed + " missed, " + which);
  }

  private static String shown(Optional<Schedule> schedule, Instant due) {
    return schedule.map(times -> times.shown(due)).orElseGet(due::toString);
  }
}
