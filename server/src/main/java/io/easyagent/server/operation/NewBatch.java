package io.easyagent.server.operation;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.problem.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Operations to be accepted together.
 *
 * @param agent the agent's name; empty for the host itself (exec, and what is for the sidecar)
 * @param target the targets as they were asked for, for people
 * @param timeout until the deadline
 * @param orders one for each host, at least one, each host once
 */
public record NewBatch(
    OperationKind kind,
    Optional<String> agent,
    String target,
    String createdBy,
    Duration timeout,
    Optional<IdempotencyKey> idempotencyKey,
    List<Order> orders) {

  public static final Duration USUAL_TIMEOUT = Duration.ofMinutes(15);
  public static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);

  public NewBatch {
    orders = List.copyOf(orders);
  }

  /**
   * The command for one host; commands that are the same object are stored once.
   *
   * @param refusal why this host cannot have it, for all that is known before it is asked for
   */
  public record Order(HostId host, Command command, Optional<Refusal> refusal) {
    public Order(HostId host, Command command) {
      this(host, command, Optional.empty());
    }
  }

  /**
   * Makes a repeated request the same request. Kept as long as its batch, for each caller apart.
   *
   * @param key of the caller's text the hexadecimal SHA-256, with {@code /part} after it where one
   *     request makes several batches
   * @param bodyDigest of the request's body, hexadecimal SHA-256
   */
  public record IdempotencyKey(String key, String bodyDigest) {
    /** The key of one of the batches that the request makes. */
    public IdempotencyKey part(String name) {
      return new IdempotencyKey(key + "/" + name, bodyDigest);
    }
  }
}
