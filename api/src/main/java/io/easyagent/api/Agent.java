package io.easyagent.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A program managed on one host.
 *
 * @param revision of the definition that the server wants; raised by every change
 * @param reportedRevision of the definition that the host has; empty before it reported one
 * @param version the package version that the host has; empty without a package
 * @param drift the host does not have what the server wants
 * @param cause why it is in this state, in one line
 * @param nextStart when backing off, and, when waiting, of the next run of its schedule
 * @param metrics the latest figures of the agent's tree, as numbers by name
 */
public record Agent(
    UUID id,
    UUID hostId,
    String hostName,
    String name,
    Type type,
    Desired desired,
    State state,
    Health health,
    long revision,
    Optional<Long> reportedRevision,
    Optional<String> version,
    boolean drift,
    long restarts,
    Optional<Instant> since,
    String cause,
    Optional<Integer> pid,
    Optional<Instant> nextStart,
    Map<String, Double> metrics,
    List<String> conditions,
    JsonNode definition) {
  public enum Type {
    service,
    oneshot,
    scheduled
  }

  public enum Desired {
    stopped,
    running
  }

  /** What the host last said; {@code unknown} before it said anything. */
  public enum State {
    unknown,
    stopped,
    starting,
    running,
    stopping,
    @com.fasterxml.jackson.annotation.JsonProperty("backing-off")
    backingOff,
    exited,
    waiting
  }

  public enum Health {
    none,
    unknown,
    healthy,
    unhealthy
  }
}
