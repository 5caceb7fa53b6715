package io.easyagent.definition;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How it is written since when something is wanted: as a duration before now, see {@link
 * DurationText}, or as a time of RFC 3339 with its offset, for example {@code 10m} or {@code
 * 2026-11-22T14:00:00Z}.
 */
public sealed interface SinceText {
  /** What is expected, for messages. */
  String EXPECTED = "a duration like 10m, or a time like 2026-11-22T14:00:00Z";

  /** The longest that is accepted, so that nobody need compute with larger ones. */
  Duration MOST = Duration.ofDays(3650);

  /** A clock that is ahead so far is no mistake of who reads it. */
  Duration AHEAD = Duration.ofMinutes(1);

  /** Before now, whatever time that is. */
  record Ago(Duration age) implements SinceText {}

  record At(Instant time) implements SinceText {}

  /** Empty when the text is of neither form. */
  static Optional<SinceText> parse(String text) {
    Optional<Duration> age = DurationText.parse(text);
    if (age.isPresent()) {
      return age.map(Ago::new);
    }
    try {
      return Optional.of(new At(OffsetDateTime.parse(text).toInstant()));
    } catch (DateTimeParseException neither) {
      return Optional.empty();
    }
  }

  /** How long ago a text says. */
  sealed interface Age {
    /**
     * @param age 0 to {@link #MOST}
     */
    record Of(Duration age) implements Age {}

    /**
     * It is too long ago, or still to come.
     *
     * @param expected for messages
     */
    record OutOfRange(String expected) implements Age {}
  }

  /** How long ago that is. */
  default Age age(Instant now) {
    Duration age =
        switch (this) {
          case Ago(Duration given) -> given;
          case At(Instant time) -> Duration.between(time, now);
        };
    if (age.compareTo(MOST) > 0) {
      return new Age.OutOfRange("at most " + DurationText.format(MOST) + " ago");
    }
    if (age.plus(AHEAD).isNegative()) {
      return new Age.OutOfRange(
          "a time that has come; it is " + now.truncatedTo(ChronoUnit.SECONDS) + " now");
    }
    return new Age.Of(age.isNegative() ? Duration.ZERO : age);
  }
}
