package io.easyagent.server.session;

import io.easyagent.definition.DurationText;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.telemetry.EventLog;
import io.easyagent.server.telemetry.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts that go by themselves: when they say so as their machine shuts down, or once they are gone
 * for long. They are removed as an operator would remove them. Methods wait for the store.
 */
public final class EphemeralHosts {
  private static final Logger log = LoggerFactory.getLogger(EphemeralHosts.class);

  private final Hosts hosts;
  private final HostStore store;
  private final SessionStore sessions;
  private final EventLog events;
  private final Reader reader;
  private final InstantSource clock;
  private final Duration goneAfter;

  /**
   * @param goneAfter so long an ephemeral host may be offline
   */
  public EphemeralHosts(
      Hosts hosts,
      HostStore store,
      SessionStore sessions,
      EventLog events,
      Reader reader,
      InstantSource clock,
      Duration goneAfter) {
    this.hosts = hosts;
    this.store = store;
    this.sessions = sessions;
    this.events = events;
    this.reader = reader;
    this.clock = clock;
    this.goneAfter = goneAfter;
  }

  /**
   * The host says that it goes for good.
   *
   * @throws RefusedException CONFLICT when the epoch is not the host's latest, FORBIDDEN when the
   *     host is not ephemeral; nothing is changed
   */
  public void leave(HostId host, long epoch) {
    hosts.remove(
        host,
        transaction -> {
          if (!sessions.isCurrent(transaction, host, epoch)) {
            throw new RefusedException(
                ErrorCode.CONFLICT,
                "session epoch " + epoch + " (expected: the epoch of this host's latest session)");
          }
          if (store.find(transaction, host).filter(Host::ephemeral).isEmpty()) {
            throw new RefusedException(
                ErrorCode.FORBIDDEN,
                "host " + host + " is not ephemeral (expected: an operator removes it)");
          }
          gone(transaction, host, "it left as its machine shut down");
        });
    log.info("ephemeral host left host={}", host);
  }

  /** Removes those that are gone for long. */
  public void sweep() {
    Instant since = clock.instant().minus(goneAfter);
    for (HostId host : reader.read(transaction -> store.ephemeralGoneSince(transaction, since))) {
      try {
        hosts.remove(
            host,
            transaction -> {
              if (!store.ephemeralGoneSince(transaction, since).contains(host)) {
                throw new RefusedException(ErrorCode.CONFLICT, "it is back");
              }
              gone(transaction, host, "gone for more than " + DurationText.format(goneAfter));
            });
        log.info("ephemeral host removed host={} goneFor={}", host, goneAfter);
      } catch (RefusedException back) {
        log.debug("ephemeral host stays host={}: {}", host, back.getMessage());
      }
    }
  }

  private void gone(Transaction transaction, HostId host, String why) {
    events.append(
        transaction,
        NewEvent.ofHost(host, clock.instant(), "host-removed", "an ephemeral host: " + why));
  }
}
