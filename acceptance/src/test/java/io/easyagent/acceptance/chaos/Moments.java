package io.easyagent.acceptance.chaos;

import java.time.Duration;

/** Times of a campaign, for people. */
final class Moments {
  private Moments() {}

  /** For example {@code 75.250s}. */
  static String text(Duration moment) {
    return "%d.%03ds".formatted(moment.toSeconds(), moment.toMillisPart());
  }
}
