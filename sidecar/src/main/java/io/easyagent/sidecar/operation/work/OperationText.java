package io.easyagent.sidecar.operation.work;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Values as operators write them. */
final class OperationText {
  private OperationText() {}

  /** For example 15m, 1m30s, 1.9s, 500ms: no finer than a person needs. */
  static String duration(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + "ms";
    }
    Duration tenths = duration.minusMillis(duration.toMillisPart() % 100);
    return tenths.truncatedTo(ChronoUnit.MILLIS).toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
