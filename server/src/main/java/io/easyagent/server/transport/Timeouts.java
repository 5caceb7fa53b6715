package io.easyagent.server.transport;

import io.easyagent.server.operation.NewBatch;
import java.time.Duration;
import java.util.Optional;

/** The time that operations are given. */
public final class Timeouts {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private Timeouts() {}

  /**
   * @throws io.easyagent.server.problem.RefusedException BAD_REQUEST for less than a second or more
   *     than a day
   */
  public static Duration of(Optional<String> text) {
    return text.map(given -> Request.duration("timeout", given, SHORTEST, NewBatch.LONGEST_TIMEOUT))
        .orElse(NewBatch.USUAL_TIMEOUT);
  }
}
