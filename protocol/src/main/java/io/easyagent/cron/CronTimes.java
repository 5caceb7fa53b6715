package io.easyagent.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The moments that a line stands for in a time zone, also where its clocks are changed, by the
 * rules of Debian's cron(8). Pure and immutable.
 *
 * <ul>
 *   <li>A line with times of the day, neither whose minute nor whose hour begins with {@code *}: a
 *       time that the clocks skip is due at the moment of the change, several skipped ones once; a
 *       time that comes twice is due the first time only.
 *   <li>A line that recurs through the day is due whenever the clocks show a minute of it: what is
 *       skipped is not made up for, what comes twice is due twice.
 * </ul>
 */
public record CronTimes(CronLine line, ZoneId zone) {

  /** The first moment of the line that is later than this one. */
  public Instant next(Instant after) {
    return line.isRecurring() ? nextShown(after) : nextOfDay(after);
  }

  /**
   * Moments of later minutes are never earlier, so that the first later one is the first minute's
   * whose moment is later.
   */
  private Instant nextOfDay(Instant after) {
    ZoneRules rules = zone.getRules();
    LocalDateTime from =
        LocalDateTime.ofInstant(after, rules.getOffset(after)).truncatedTo(ChronoUnit.MINUTES);
    while (true) {
      LocalDateTime found = line.firstFrom(from);
      Instant moment = moment(rules, found);
      if (moment.isAfter(after)) {
        return moment;
      }
      from = found.plusMinutes(1);
    }
  }

  private static Instant moment(ZoneRules rules, LocalDateTime local) {
    ZoneOffsetTransition change = rules.getTransition(local);
    if (change != null && change.isGap()) {
      return change.getInstant();
    }
    // Of two offsets the one before the change: the first time that the clocks show it.
    return local.toInstant(change == null ? rules.getOffset(local) : change.getOffsetBefore());
  }

  /** From change to change of the clocks, between which they run evenly. */
  private Instant nextShown(Instant after) {
    ZoneRules rules = zone.getRules();
    Instant from = after.plusNanos(1);
    while (true) {
      ZoneOffset offset = rules.getOffset(from);
      Instant found =
          line.firstFrom(wholeMinute(LocalDateTime.ofInstant(from, offset))).toInstant(offset);
      ZoneOffsetTransition change = rules.nextTransition(from);
      if (change == null || found.isBefore(change.getInstant())) {
        return found;
      }
      from = change.getInstant();
    }
  }

  /** This minute where it just begins, else the next. */
  private static LocalDateTime wholeMinute(LocalDateTime local) {
    LocalDateTime minute = local.truncatedTo(ChronoUnit.MINUTES);
    return minute.equals(local) ? minute : minute.plusMinutes(1);
  }
}
