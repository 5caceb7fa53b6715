package io.easyagent.server.operation;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Operations that were accepted together.
 *
 * @param agent the agent's name; empty for the host itself
 * @param counts operations by state; states without any are absent
 * @param offline unfinished operations whose host is not online
 */
public record Batch(
    BatchId id,
    OperationKind kind,
    Optional<String> agent,
    String target,
    String createdBy,
    Instant createdAt,
    Instant deadline,
    long total,
    Map<OperationState, Long> counts,
    long offline) {
  public Batch {
    counts = Map.copyOf(counts);
  }

  /** Every operation has ended. */
  public boolean finished() {
    return counts.keySet().stream().allMatch(OperationState::finished);
  }
}
