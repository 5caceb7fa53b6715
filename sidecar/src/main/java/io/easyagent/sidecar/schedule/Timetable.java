package io.easyagent.sidecar.schedule;

import io.easyagent.cron.CronTimes;
import io.easyagent.sidecar.agent.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * When the runs of one agent's schedule begin. A run is named by the moment at which it is due; the
 * jitter puts its begin off, by the same time whenever it is asked for, evenly spread over agents
 * and moments, and never up to the next run's moment. Every moment is decided once: a look goes by
 * the last one that was, so that a clock that is put back brings no run again, and one that is put
 * forward makes runs missed. Pure and immutable.
 */
public final class Timetable {
  /** A run that could not begin for this long after its time was missed. */
  public static final Duration LATE = Duration.ofMinutes(1);

  /** More runs that were missed are not counted. */
  public static final long COUNTED_MOST = 1_000;

  private final CronTimes times;
  private final Schedule schedule;
  private final UUID agent;

  /**
   * @throws IllegalArgumentException when line or time zone is none that this host knows
   */
  public Timetable(Schedule schedule, UUID agent) {
    this.times = schedule.times();
    this.schedule = schedule;
    this.agent = agent;
  }

  /**
   * When the next run begins.
   *
   * @param decided the last moment that was decided
   */
  public Instant nextBegin(Instant decided) {
    return begin(times.next(decided));
  }

  /**
   * @param decided the last moment that was decided
   */
  public Look look(Instant decided, Instant now) {
    Instant last = times.next(decided);
    if (begin(last).isAfter(now)) {
      return new Look.Nothing();
    }
    long count = 1;
    for (Instant next = times.next(last);
        count < COUNTED_MOST && !begin(next).isAfter(now);
        next = times.next(next)) {
      last = next;
      count++;
    }
    if (count == COUNTED_MOST) {
      last = lastBegun(last, now);
    }
    boolean late = Duration.between(begin(last), now).compareTo(LATE) > 0;
    return late && schedule.missed() == Schedule.Missed.SKIP
        ? new Look.Missed(last, count)
        : new Look.Due(last, count - 1);
  }

  /** Looked for from the end, in windows that grow: years may lie between. */
  private Instant lastBegun(Instant known, Instant now) {
    Duration window = Duration.ofHours(1);
    while (now.minus(window).isAfter(known)) {
      Optional<Instant> found = lastBegunSince(now.minus(window), now);
      if (found.isPresent()) {
        return found.get();
      }
      window = window.multipliedBy(2);
    }
    return lastBegunSince(known, now).orElse(known);
  }

  private Optional<Instant> lastBegunSince(Instant from, Instant now) {
    Optional<Instant> last = Optional.empty();
    for (Instant next = times.next(from); !begin(next).isAfter(now); next = times.next(next)) {
      last = Optional.of(next);
    }
    return last;
  }

  private Instant begin(Instant due) {
    if (schedule.jitter().isZero()) {
      return due;
    }
    Duration between = Duration.between(due, times.next(due));
    Duration most = between.compareTo(schedule.jitter()) < 0 ? between : schedule.jitter();
    // The high half of the product is even over 0 to most, as the hash is over all longs.
    return due.plusMillis(Math.unsignedMultiplyHigh(hash(due), most.toMillis()));
  }

  /** The mixing steps of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), over all three numbers. */
  private long hash(Instant due) {
    long hash = mix(agent.getMostSignificantBits());
    hash = mix(hash ^ agent.getLeastSignificantBits());
    return mix(hash ^ due.getEpochSecond());
  }

  private static long mix(long value) {
    long mixed = value + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
