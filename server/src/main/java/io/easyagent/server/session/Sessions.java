package io.easyagent.server.session;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostRemoval;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.fleet.SessionStore.SessionRow;
import io.easyagent.server.operation.HostLink;
import io.easyagent.server.operation.HostLinks;
import io.easyagent.server.operation.Wake;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import io.easyagent.server.telemetry.EventLog;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.telemetry.NewEvent;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and ends sessions. Every one has an epoch of its own, raised by compare-and-set; whatever
 * an earlier session still does is refused. Methods wait for the store: call them on virtual
 * threads.
 */
public final class Sessions implements HostRemoval {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);
  private static final int NONCE_BYTES = 16;

  private final SessionStore store;
  private final Writer writer;
  private final HostLinks links;
  private final Wake wake;
  private final EventLog events;
  private final LatestMetrics metrics;
  private final SecureRandom random;
  private final InstantSource clock;

  public Sessions(
      SessionStore store,
      Writer writer,
      HostLinks links,
      Wake wake,
      EventLog events,
      LatestMetrics metrics,
      SecureRandom random,
      InstantSource clock) {
    this.store = store;
    this.writer = writer;
    this.links = links;
    this.wake = wake;
    this.events = events;
    this.metrics = metrics;
    this.random = random;
    this.clock = clock;
  }

  /** Nothing is connected to a server that starts. */
  public void begin() {
    writer.run(transaction -> store.allOffline(transaction, clock.instant()));
  }

  /**
   * Opens a session; an older one of the host ends. A sidecar that only reports a condition,
   * because it does not know what it did before, gets none: neither the epoch nor the nonce
   * changes, so that it can come back as it was once the condition is over, and it is no copy of
   * the host for having no nonce.
   */
  public Opening register(HostId host, Registration registration) {
    Opening opening = writer.write(transaction -> register(transaction, host, registration));
    if (opening instanceof Opening.Opened) {
      links.find(host).ifPresent(old -> old.close(HostLink.CloseReason.REPLACED));
    }
    return opening;
  }

  private Opening register(Transaction transaction, HostId host, Registration registration) {
    Optional<SessionRow> found = store.find(transaction, host);
    if (found.isEmpty()) {
      return refused(ErrorCode.FORBIDDEN, "host " + host + " is not known to this server");
    }
    SessionRow last = found.get();
    if (last.status() == HostStatus.CONFLICTED) {
      return refused(ErrorCode.CONFLICT, conflicted(last));
    }
    if (registration.condition().isPresent()) {
      return report(transaction, host, last, registration.condition().get());
    }
    Optional<String> conflict = conflict(host, last, registration);
    if (conflict.isPresent()) {
      declareConflict(transaction, host, last, registration, conflict.get());
      return refused(ErrorCode.CONFLICT, conflicted(last) + ": " + conflict.get());
    }
    long epoch = last.epoch() + 1;
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    String nonce = HexFormat.of().formatHex(bytes);
    NewSession session =
        new NewSession(
            epoch,
            nonce,
            Optional.of(registration.nonce()),
            registration.machineId(),
            registration.bootId(),
            registration.sidecarVersion(),
            registration.capabilities(),
            registration.facts());
    if (!store.open(transaction, host, last.epoch(), session, clock.instant())) {
      return refused(ErrorCode.UNAVAILABLE, "another session of this host opened meanwhile");
    }
    return new Opening.Opened(epoch, nonce, last.hostName(), last.labels());
  }

  private Opening report(Transaction transaction, HostId host, SessionRow last, String condition) {
    Instant now = clock.instant();
    String sentence = "the sidecar takes no commands: " + condition;
    if (store.putConditions(transaction, host, List.of(sentence), now)) {
      event(transaction, host, "host-condition", sentence, now);
      log.warn("host reports a condition host={} condition=\"{}\"", host, condition);
    }
    return new Opening.Reported(last.hostName(), last.labels());
  }

  /**
   * A machine id never changes while its session is open. A boot id does: the machine may have
   * crashed and be back before its old stream is found dead; a copy that claims so is found when
   * the other one returns with a nonce that was used.
   */
  private Optional<String> conflict(HostId host, SessionRow last, Registration registration) {
    if (!NonceRule.opens(last, registration.nonce())) {
      return Optional.of("it presents the nonce of an earlier session, as a copy of it would");
    }
    if (links.find(host).isPresent() && !last.machineId().equals(registration.machineId())) {
      return Optional.of("another machine with its identity is connected");
    }
    return Optional.empty();
  }

  private void declareConflict(
      Transaction transaction,
      HostId host,
      SessionRow last,
      Registration registration,
      String why) {
    Instant now = clock.instant();
    List<String> sides =
        List.of(
            "two machines claim this identity: " + why,
            "one: machine " + last.machineId() + ", boot " + last.bootId(),
            "other: machine " + registration.machineId() + ", boot " + registration.bootId());
    store.conflicted(transaction, host, sides, now);
    event(transaction, host, "host-conflicted", String.join("; ", sides), now);
    transaction.afterCommit(
        () -> links.find(host).ifPresent(link -> link.close(HostLink.CloseReason.CONFLICTED)));
    log.warn("host conflicted host={} why=\"{}\"", host, why);
  }

  private static String conflicted(SessionRow last) {
    return "host " + last.hostName() + " is conflicted: an operator must decide";
  }

  private static Opening refused(ErrorCode code, String message) {
    return new Opening.Refused(new Refusal(code, message));
  }

  /**
   * The stream of a session is open: commands flow.
   *
   * @throws RefusedException CONFLICT when the session is not the host's latest, or its inventory
   *     is not stored
   */
  public void online(HostLink link) {
    HostId host = link.host();
    boolean current =
        writer.write(transaction -> {
          Instant now = clock.instant();
          if (!store.online(transaction, host, link.epoch(), now)) {
            return false;
          }
          event(transaction, host, "host-online", "", now);
          return true;
        });
    if (!current) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          "session epoch %d (expected: the epoch of this host's latest session, after its inventory)"
              .formatted(link.epoch()));
    }
    links
        .put(link)
        .filter(old -> old != link)
        .ifPresent(old -> old.close(HostLink.CloseReason.REPLACED));
    wake.wake(List.of(host));
  }

  /** The stream of a session ended, for whatever reason. */
  public void ended(HostLink link) {
    links.remove(link);
    try {
      writer.run(transaction -> {
        Instant now = clock.instant();
        if (store.offline(transaction, link.host(), link.epoch(), now)) {
          event(transaction, link.host(), "host-offline", "", now);
        }
      });
    } catch (RefusedException stopping) {
      log.debug("a stream ended while the store was closed host={}", link.host());
    }
  }

  private void event(
      Transaction transaction, HostId host, String kind, String message, Instant now) {
    events.append(
        transaction,
        new NewEvent(
            now, now, Optional.of(host), Optional.empty(), Optional.empty(), kind, message));
  }

  @Override
  public void removing(Transaction transaction, HostId host) {
    transaction.afterCommit(() -> {
      metrics.forget(host);
      links.find(host).ifPresent(link -> link.close(HostLink.CloseReason.REVOKED));
    });
  }
}
