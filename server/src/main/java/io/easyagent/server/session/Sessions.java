package io.easyagent.server.session;

import io.easyagent.server.fleet.CopyStore;
import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostRemoval;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.fleet.SessionStore.SessionRow;
import io.easyagent.server.operation.HostLink;
import io.easyagent.server.operation.HostLinks;
import io.easyagent.server.operation.Wake;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.session.IdentityRule.Verdict;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import io.easyagent.server.telemetry.EventLog;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.telemetry.NewEvent;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Within this time a live sidecar whose session was taken over has come back. */
  private static final Duration OBJECTION = Duration.ofSeconds(3);

  private final SessionStore store;
  private final CopyStore copies;
  private final Writer writer;
  private final HostLinks links;
  private final Wake wake;
  private final EventLog events;
  private final LatestMetrics metrics;
  private final SecureRandom random;
  private final InstantSource clock;
  private final String generation;
  private final Map<HostId, Long> takenOver = new ConcurrentHashMap<>();

  /**
   * @param generation of the store
   */
  public Sessions(
      SessionStore store,
      CopyStore copies,
      Writer writer,
      HostLinks links,
      Wake wake,
      EventLog events,
      LatestMetrics metrics,
      SecureRandom random,
      InstantSource clock,
      String generation) {
    this.store = store;
    this.copies = copies;
    this.writer = writer;
    this.links = links;
    this.wake = wake;
    this.events = events;
    this.metrics = metrics;
    this.random = random;
    this.clock = clock;
    this.generation = generation;
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
    HostCopy claim = claim(registration.nonce(), registration.life(), clock.instant());
    Verdict verdict =
        IdentityRule.judge(
            last,
            copies.of(transaction, host),
            registration,
            claim,
            links.find(host).isPresent(),
            generation);
    if (registration.condition().isPresent() && !(verdict instanceof Verdict.Undecided)) {
      return report(transaction, host, last, registration.condition().get());
    }
    return switch (verdict) {
      case Verdict.TheHost(boolean takesOver) ->
          open(transaction, host, last, registration, takesOver);
      case Verdict.TwoClaim(String why) -> {
        declareConflict(transaction, host, last, claim, why);
        yield refused(ErrorCode.CONFLICT, undecided(last, claim));
      }
      case Verdict.Undecided() -> {
        copies.seen(transaction, host, claim);
        yield refused(ErrorCode.CONFLICT, undecided(last, claim));
      }
      case Verdict.Refused() -> {
        copies.seen(transaction, host, claim);
        yield refused(
            ErrorCode.FORBIDDEN,
            "an operator decided that another machine keeps the identity of host "
                + last.hostName()
                + "; to make this one a host of its own: easyagent-sidecar reset, then enrol it");
      }
    };
  }

  private Opening open(
      Transaction transaction,
      HostId host,
      SessionRow last,
      Registration registration,
      boolean takesOver) {
    long epoch = last.epoch() + 1;
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    String nonce =
        NonceRule.handOut(last, registration.nonce(), generation, HexFormat.of().formatHex(bytes));
    NewSession session =
        new NewSession(
            epoch,
            nonce,
            Optional.of(registration.nonce()),
            generation,
            registration.life(),
            registration.sidecarVersion(),
            registration.capabilities(),
            registration.facts());
    if (!store.open(transaction, host, last.epoch(), session, clock.instant())) {
      return refused(ErrorCode.UNAVAILABLE, "another session of this host opened meanwhile");
    }
    transaction.afterCommit(() -> {
      if (takesOver) {
        takenOver.put(host, epoch);
      } else {
        takenOver.remove(host);
      }
    });
    return new Opening.Opened(epoch, nonce, last.hostName(), last.labels());
  }

  /**
   * How long to wait before the session comes online: a moment when it took over one that was open
   * in another life of the sidecar. If that was a machine that is still alive, and so one of two,
   * it comes back meanwhile and is found, before a command went to either.
   */
  public Duration objection(HostLink link) {
    return Optional.of(link.epoch()).equals(Optional.ofNullable(takenOver.get(link.host())))
        ? OBJECTION
        : Duration.ZERO;
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

  private void declareConflict(
      Transaction transaction, HostId host, SessionRow last, HostCopy claim, String why) {
    Instant now = clock.instant();
    HostCopy known = claim(last.nonce().orElse(""), last.life(), last.lastSeen().orElse(now));
    copies.seen(transaction, host, known);
    copies.seen(transaction, host, claim);
    List<String> sides =
        List.of(
            "two machines claim this identity: "
                + why
                + "; none gets commands until it is decided: easyagent host resolve",
            "the last session was with " + known.text(),
            "then came " + claim.text());
    store.conflicted(transaction, host, sides, now);
    event(transaction, host, "host-conflicted", String.join("; ", sides), now);
    transaction.afterCommit(
        () -> links.find(host).ifPresent(link -> link.close(HostLink.CloseReason.CONFLICTED)));
    log.warn("host conflicted host={} why=\"{}\" claim=\"{}\"", host, why, claim.text());
  }

  private static HostCopy claim(String nonce, Life life, Instant seen) {
    return HostCopy.claiming(
        nonce, life.machineId(), life.bootId(), life.hostName(), life.address(), seen);
  }

  private static String undecided(SessionRow last, HostCopy claim) {
    return ("host %s is conflicted: two machines claim this identity, this one is copy %s, and an"
            + " operator must decide (easyagent host resolve); if this is a copy that is to be a"
            + " host of its own: easyagent-sidecar reset, then enrol it")
        .formatted(last.hostName(), claim.id());
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
    events.append(transaction, NewEvent.ofHost(host, now, kind, message));
  }

  @Override
  public void removing(Transaction transaction, HostId host) {
    transaction.afterCommit(() -> {
      metrics.forget(host);
      takenOver.remove(host);
      links.find(host).ifPresent(link -> link.close(HostLink.CloseReason.REVOKED));
    });
  }
}
