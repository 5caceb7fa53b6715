package io.easyagent.sidecar.process;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a scheduled agent's runs. A run is named by the moment at which it was due.
 *
 * @param current the run in progress, from the decision to launch it until its end was told
 * @param queued the run that waits for that one's end
 * @param failures runs in a row that have failed
 */
public record Runs(Optional<Instant> current, Optional<Instant> queued, long failures) {
  public static final Runs NONE = new Runs(Optional.empty(), Optional.empty(), 0);

  /** None waits any more. */
  Runs begun(Instant due) {
    return new Runs(Optional.of(due), Optional.empty(), failures);
  }

  Runs waiting(Instant due) {
    return new Runs(current, Optional.of(due), failures);
  }

  Runs withoutQueue() {
    return new Runs(current, Optional.empty(), failures);
  }

  Runs ended(boolean failed) {
    return new Runs(Optional.empty(), queued, failed ? failures + 1 : 0);
  }
}
