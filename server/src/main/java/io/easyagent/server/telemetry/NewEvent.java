package io.easyagent.server.telemetry;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, to be kept in the history. Texts are bounded and free of control
 * characters already.
 *
 * @param occurredAt by the clock of where it happened; for people only
 * @param kind a stable word: exited, started, unhealthy, host-online, …
 */
public record NewEvent(
    Instant receivedAt,
    Instant occurredAt,
    Optional<HostId> host,
    Optional<AgentId> agent,
    String kind,
    String message) {

  /** Something of a host that the server itself has seen. */
  public static NewEvent ofHost(HostId host, Instant now, String kind, String message) {
    return new NewEvent(now, now, Optional.of(host), Optional.empty(), kind, message);
  }

  /** Something of the server, and of no host. */
  public static NewEvent ofServer(Instant now, String kind, String message) {
    return new NewEvent(now, now, Optional.empty(), Optional.empty(), kind, message);
  }
}
