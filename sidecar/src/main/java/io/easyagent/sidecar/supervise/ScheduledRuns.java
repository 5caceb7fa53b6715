package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.process.ProcessLife;
import io.easyagent.sidecar.process.ProcessState;
import io.easyagent.sidecar.schedule.Look;
import io.easyagent.sidecar.schedule.Timetable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Which runs of an agent's schedule are due, and what of them is kept on disk. What was decided is
 * there before it is acted on: a sidecar that dies in between leaves a run out rather than running
 * it twice. For the agent's mailbox only.
 */
final class ScheduledRuns {
  private static final Logger LOG = Logger.getLogger(ScheduledRuns.class.getName());

  /** The wall clock may be changed at any time: it is looked at no more seldom than this. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private final AgentId agent;
  private final Path file;
  private final InstantSource clock;
  private Optional<Timetable> timetable = Optional.empty();
  private Optional<Schedule> schedule = Optional.empty();
  private Optional<Instant> decided = Optional.empty();
  private Optional<KeptRuns> written = Optional.empty();
  private Optional<String> unwritten = Optional.empty();

  /**
   * @param runFolder of the launch records
   * @param clock the wall clock
   */
  ScheduledRuns(AgentId agent, Path runFolder, InstantSource clock) {
    this.agent = agent;
    this.file = runFolder.resolve(agent + ".runs");
    this.clock = clock;
  }

  /** Moments of other times than before that are past are no matter of this schedule. */
  void keepTo(Optional<Schedule> changed) {
    boolean same =
        changed.isPresent() && schedule.isPresent() && changed.get().hasTimesOf(schedule.get());
    if (!same && decided.isPresent()) {
      decided = Optional.of(clock.instant());
    }
    schedule = changed;
    timetable = changed.map(times -> new Timetable(times, agent.value()));
  }

  /** With what an earlier life of the sidecar has written down. */
  ProcessLife recall(ProcessLife life) {
    if (schedule.isEmpty() || life.desired() != DesiredState.RUNNING) {
      return life;
    }
    String times = KeptRuns.timesOf(schedule.get());
    written = read();
    decided = written.map(kept -> kept.times().equals(times) ? kept.decided() : clock.instant());
    return written.map(kept -> life.remembering(kept.runs(), kept.lastRun())).orElse(life);
  }

  private Optional<KeptRuns> read() {
    try {
      Optional<KeptRuns> kept = KeptRuns.decode(Files.readString(file));
      if (kept.isEmpty()) {
        LOG.log(Level.WARNING, "{0} is no record of runs: its schedule begins anew", file);
      }
      return kept;
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> file + ": its schedule begins anew");
      return Optional.empty();
    }
  }

  /** Whether the schedule is kept to: from the start of its agent to its stop. */
  boolean isOn(ProcessLife life) {
    return timetable.isPresent()
        && life.desired() == DesiredState.RUNNING
        && !(life.state() instanceof ProcessState.Finding);
  }

  /** To be called after each step and before its actions: keeps what it has changed. */
  void follow(ProcessLife life) {
    if (!isOn(life)) {
      // Without a stop by an operator the file still counts for the next life of the sidecar.
      decided = life.desired() == DesiredState.RUNNING ? decided : Optional.empty();
      return;
    }
    if (decided.isEmpty()) {
      decided = Optional.of(clock.instant());
    }
    KeptRuns kept =
        new KeptRuns(
            schedule.map(KeptRuns::timesOf).orElseThrow(),
            decided.get(),
            life.runs(),
            life.state() instanceof ProcessState.Waiting
                ? life.cause()
                : written.map(KeptRuns::lastRun).orElse(""));
    if (!written.equals(Optional.of(kept))) {
      write(kept);
    }
  }

  private void write(KeptRuns kept) {
    try {
      DurableFile.replace(file, kept.encode());
      written = Optional.of(kept);
      unwritten = Optional.empty();
    } catch (IOException failure) {
      unwritten =
          Optional.of("what is decided of its runs is not written: " + Failures.reason(failure));
      LOG.log(Level.WARNING, failure, () -> file + " was not written");
    }
  }

  /** Why no run may begin: it would not be known to the next life of the sidecar. */
  Optional<String> unwritten() {
    return unwritten;
  }

  /** What is due is decided by being returned; {@link #follow} must come next. */
  Look look() {
    if (timetable.isEmpty() || decided.isEmpty()) {
      return new Look.Nothing();
    }
    Look look = timetable.get().look(decided.get(), clock.instant());
    switch (look) {
      case Look.Nothing() -> {}
      case Look.Due(Instant due, long _) -> decided = Optional.of(due);
      case Look.Missed(Instant last, long _) -> decided = Optional.of(last);
    }
    return look;
  }

  /** When the next run begins; empty when no schedule is kept to. */
  Optional<Instant> nextBegin() {
    return timetable.flatMap(times -> decided.map(times::nextBegin));
  }

  /** Until the next look. */
  Duration untilLook() {
    Duration until =
        nextBegin().map(next -> Duration.between(clock.instant(), next)).orElse(LOOK_AGAIN);
    return until.isNegative()
        ? Duration.ZERO
        : until.compareTo(LOOK_AGAIN) < 0 ? until : LOOK_AGAIN;
  }

  void forget() {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(DurableFile.temporary(file));
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> file + " was not removed");
    }
  }
}
