package io.easyagent.sidecar.operation.work;

import java.time.Duration;
import java.util.Locale;

/** Values as operators write them. */
final class OperationText {
  private OperationText() {}

  /** For example 15m, 1m30s, 500ms. */
  static String duration(Duration duration) {
    return duration.compareTo(Duration.ofSeconds(1)) < 0
        ? duration.toMillis() + "ms"
        : duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
