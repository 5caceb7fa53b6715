package io.easyagent.sidecar.session;

import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.logstream.HostLogs;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.SecretSource;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;

/** Makes everything that talks to the servers of this host's fleet. */
public final class ServerLink {
  private final Channels channels;
  private final ServerAddresses addresses;
  private final HostFacts facts;
  private final String fleetId;
  private final Headers headers;
  private final Clock clock;
  private final DoubleSupplier random;
  private final Backoff backoff;
  private final CurrentIdentity identity;
  private final Renewal renewal;
  private final CurrentSession current = new CurrentSession();

  /**
   * @param random gives numbers from 0 to 1
   */
  public ServerLink(
      Channels channels,
      CurrentIdentity identity,
      ServerAddresses addresses,
      HostFacts facts,
      Clock clock,
      DoubleSupplier random,
      Backoff backoff,
      RenewalRule renewalRule) {
    this.channels = channels;
    this.addresses = addresses;
    this.facts = facts;
    this.identity = identity;
    this.fleetId = identity.identity().fleetId();
    this.headers = new Headers(identity.identity().hostId(), clock);
    this.clock = clock;
    this.random = random;
    this.backoff = backoff;
    this.renewal = new Renewal(identity, headers, renewalRule, clock, random);
  }

  /** Archives from the server of the session that is up. */
  public Artifacts artifacts() {
    return new ServerArtifacts(channels, identity, facts.sidecarVersion(), headers, current);
  }

  /** The number of the session that is open; its inventory is accepted. */
  public OptionalLong openSession() {
    return current.find().map(live -> OptionalLong.of(live.epoch())).orElse(OptionalLong.empty());
  }

  /** For an ephemeral host whose machine shuts down. */
  public Departure departure() {
    return new Departure(channels, identity, facts.sidecarVersion(), headers, current);
  }

  /** How the host's certificate is. */
  public Renewal renewal() {
    return renewal;
  }

  /** Secrets from the server of the session that is up. */
  public SecretSource secrets() {
    return new ServerSecrets(channels, identity, facts.sidecarVersion(), headers, current);
  }

  /**
   * @param outboxChanged signalled after each append to the journal
   */
  public Link sessions(
      Journal journal, Operations operations, HostView host, HostLogs logs, Wakeup outboxChanged) {
    return link(
        new Session(
            journal,
            operations,
            host,
            facts,
            fleetId,
            headers,
            clock,
            current,
            renewal,
            addresses,
            outboxChanged,
            session ->
                new LogUploads(order ->
                    new LogUpload(
                        logs,
                        order,
                        channels,
                        identity,
                        facts.sidecarVersion(),
                        headers,
                        session))));
  }

  /** Takes no commands and only reports why. */
  public Link reporting(String condition) {
    return link(new ConditionSession(condition, facts, headers, renewal, addresses, clock));
  }

  private Link link(SessionWork work) {
    return new Link(
        channels, addresses, identity, facts.sidecarVersion(), work, backoff, clock, random);
  }
}
