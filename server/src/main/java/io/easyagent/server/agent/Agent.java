package io.easyagent.server.agent;

import io.easyagent.server.fleet.HostId;
import java.util.Optional;

/**
 * A program managed on one host.
 *
 * @param definition what the server wants
 * @param revision of that definition; raised by every change
 * @param outdatedSecret a secret that its host was given has been set anew since
 * @param observed empty before the host said anything, and when its inventory lacks the agent
 */
public record Agent(
    AgentId id,
    HostId host,
    String hostName,
    DefinitionText definition,
    long revision,
    DesiredState desired,
    boolean outdatedSecret,
    Optional<ObservedAgent> observed) {

  public String name() {
    return definition.name();
  }

  /** The host does not have the revision that the server wants, or a secret's latest value. */
  public boolean drift() {
    return observed.isEmpty() || observed.get().revision() != revision || outdatedSecret;
  }
}
