package io.easyagent.cron;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.YearMonth;

/**
 * The five fields of a cron line: which minutes of local time it stands for. Read as Debian's
 * crontab(5) documents them: numbers, names of months and days in any case, lists, ranges, steps
 * after {@code *} or a range, 0 and 7 for Sunday, the nicknames {@code @hourly} to {@code @yearly}.
 * Where day of month and day of week both do not begin with {@code *}, a day fits when one of the
 * two does; else both must. A line that is read fires: its next time is never more than 40 years
 * away.
 *
 * <p>Immutable. Written here rather than taken from a library: what a schedule means turns on these
 * rules, the step and star cases of which libraries read differently, and a sidecar pays for every
 * class that it loads.
 */
public final class CronLine {
  /** A 29 February on one day of the week comes again after 40 years at most. */
  private static final int YEARS_MOST = 41;

  private final long minutes;
  private final long hours;
  private final long days;
  private final long months;
  private final long weekdays;
  private final boolean eitherDay;
  private final boolean recurring;

  /**
   * @param values bits, by the fields' order
   * @param stars which fields begin with a star
   */
  CronLine(long[] values, boolean[] stars) {
    minutes = values[CronField.MINUTE.ordinal()];
    hours = values[CronField.HOUR.ordinal()];
    days = values[CronField.DAY.ordinal()];
    months = values[CronField.MONTH.ordinal()];
    long week = values[CronField.WEEKDAY.ordinal()];
    weekdays = has(week, 0) ? week | 1L << 7 : week;
    eitherDay = !stars[CronField.DAY.ordinal()] && !stars[CronField.WEEKDAY.ordinal()];
    recurring = stars[CronField.MINUTE.ordinal()] || stars[CronField.HOUR.ordinal()];
  }

  public static CronReading read(String text) {
    return CronParser.read(text);
  }

  /**
   * Whether minute or hour begins with {@code *}: it recurs through the day rather than having its
   * times of the day, and what a clock change does to it differs; see {@link CronTimes}.
   */
  boolean isRecurring() {
    return recurring;
  }

  /** Whether a day of it comes in any year. */
  boolean everFires() {
    if (eitherDay) {
      return true;
    }
    for (Month month : Month.values()) {
      if (has(months, month.getValue()) && Long.numberOfTrailingZeros(days) <= month.maxLength()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The first minute that fits.
   *
   * @param from inclusive; a whole minute
   */
  LocalDateTime firstFrom(LocalDateTime from) {
    LocalDate day = from.toLocalDate();
    int minuteOfDay = from.getHour() * 60 + from.getMinute();
    while (day.getYear() - from.getYear() <= YEARS_MOST) {
      if (!has(months, day.getMonthValue())) {
        day = YearMonth.from(day).plusMonths(1).atDay(1);
        minuteOfDay = 0;
        continue;
      }
      int found = fits(day) ? firstMinuteFrom(minuteOfDay) : -1;
      if (found >= 0) {
        return day.atTime(LocalTime.of(found / 60, found % 60));
      }
      day = day.plusDays(1);
      minuteOfDay = 0;
    }
    throw new IllegalStateException("no minute fits within 40 years of " + from);
  }

  private boolean fits(LocalDate day) {
    boolean ofMonth = has(days, day.getDayOfMonth());
    boolean ofWeek = has(weekdays, day.getDayOfWeek().getValue());
    return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
  }

  /**
   * @return of the day, or -1 when none is left of it
   */
  private int firstMinuteFrom(int minuteOfDay) {
    for (int hour = minuteOfDay / 60; hour < 24; hour++) {
      if (has(hours, hour)) {
        long left = hour == minuteOfDay / 60 ? minutes & -1L << minuteOfDay % 60 : minutes;
        if (left != 0) {
          return hour * 60 + Long.numberOfTrailingZeros(left);
        }
      }
    }
    return -1;
  }

  private static boolean has(long values, int value) {
    return (values & 1L << value) != 0;
  }
}
