package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.process.ProcessRules;
import java.time.Duration;
import java.util.Optional;

/**
 * When a probe was made, by the monotonic clock: what tells a process that does not answer from a
 * sidecar, or a host, that did not get to run.
 *
 * @param due when it was to begin
 * @param timeout how long it might take
 */
record ProbeTimes(Duration due, Duration began, Duration ended, Duration timeout) {

  /** Why a failure says nothing of the process; empty when it does. */
  Optional<String> findDoubt() {
    Duration late = began.minus(due);
    if (late.compareTo(ProcessRules.LATE) > 0) {
      return Optional.of("it began " + late.toMillis() + " ms late");
    }
    Duration over = ended.minus(began).minus(timeout);
    return over.compareTo(ProcessRules.LATE) > 0
        ? Optional.of("it took " + over.toMillis() + " ms more than its timeout")
        : Optional.empty();
  }
}
