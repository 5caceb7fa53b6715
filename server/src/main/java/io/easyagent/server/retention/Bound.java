package io.easyagent.server.retention;

import java.time.Duration;
import java.time.Instant;

/**
 * How much of something is kept: whatever is older goes, and the oldest of what is too much.
 *
 * @param age for which it is kept
 * @param most that is kept of it: a number, or bytes
 */
public record Bound(Duration age, long most) {
  /** Kept whatever its number: nobody has had the time to look at it. */
  public static final Duration ALWAYS_KEPT = Duration.ofHours(1);

  /** What is from before this time is too old. */
  public Instant oldest(Instant now) {
    return now.minus(age);
  }

  /** What is from before this time goes when there is too much. */
  public static Instant dispensable(Instant now) {
    return now.minus(ALWAYS_KEPT);
  }
}
