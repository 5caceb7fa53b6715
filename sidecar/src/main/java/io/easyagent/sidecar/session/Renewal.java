package io.easyagent.sidecar.session;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.EasyAgentServiceGrpc.EasyAgentServiceBlockingStub;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.protocol.RenewCertificateResponse;
import io.easyagent.sidecar.identity.CertificateRequest;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.identity.IdentityException;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps this host's certificate good: renews it in time over the session that is up, before a
 * session where there can be none without, and when the server asks for it. Also takes the
 * authorities that the server announces. Thread-safe.
 */
public final class Renewal {
  private static final Logger log = Logger.getLogger(Renewal.class.getName());
  private static final long CALL_SECONDS = 30;

  /** Clocks are set and machines sleep: no wait is longer. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  /** A certificate is not renewed twice in that time, unless the server asks for it. */
  private static final Duration AT_MOST_EVERY = Duration.ofHours(1);

  /** What a server says with its refusal of a certificate that can still be renewed. */
  private static final Metadata.Key<String> HINT =
      Metadata.Key.of("easyagent-certificate", Metadata.ASCII_STRING_MARSHALLER);

  private static final String RENEW = "renew";

  private final CurrentIdentity identity;
  private final Headers headers;
  private final RenewalRule rule;
  private final Clock clock;
  private final DoubleSupplier random;
  private double spread;
  private int failures;
  private Instant notBefore = Instant.MIN;
  private Optional<Instant> moveBy = Optional.empty();
  private Optional<String> lastFailure = Optional.empty();
  private boolean demanded;

  Renewal(
      CurrentIdentity identity,
      Headers headers,
      RenewalRule rule,
      Clock clock,
      DoubleSupplier random) {
    this.identity = identity;
    this.headers = headers;
    this.rule = rule;
    this.clock = clock;
    this.random = random;
    this.spread = random.getAsDouble();
  }

  /**
   * Renews what is due before a session opens. Empty: the session may open, with the certificate
   * that the host has.
   */
  Optional<SessionEnd> beforeSession(EasyAgentServiceBlockingStub stub) {
    if (!isDue()) {
      return Optional.empty();
    }
    boolean needed = isNeeded();
    Optional<SessionEnd.Broken> failure = renew(stub, 0, true);
    if (failure.isEmpty()) {
      return Optional.of(new SessionEnd.Renewed());
    }
    return needed ? Optional.of(failure.get()) : Optional.empty();
  }

  /**
   * Renews over the session that is up, when it is time. It is not to be interrupted, for it may be
   * writing.
   *
   * @param over ends it
   * @param end told once when there is a new certificate
   */
  Runnable duringSession(
      EasyAgentServiceBlockingStub stub, long epoch, Wakeup over, Consumer<SessionEnd> end) {
    return () -> {
      try {
        boolean ended = false;
        while (!ended) {
          if (isDue() && renew(stub, epoch, false).isEmpty()) {
            end.accept(new SessionEnd.Renewed());
            return;
          }
          ended = over.await(untilDue());
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Takes the authorities that the server announces. Those that cannot be right are not taken. */
  void learn(List<ByteString> announced) {
    if (announced.isEmpty()) {
      return;
    }
    try {
      if (identity.learn(Certificates.decode(announced))) {
        log.info("the fleet's authorities have changed; the server announces " + announced.size());
      }
    } catch (GeneralSecurityException | IdentityException notTaken) {
      log.log(Level.SEVERE, "announced authorities are not taken", notTaken);
    }
  }

  /** Why a session broke; where the server wants a renewal first, that is what comes next. */
  SessionEnd.Broken broken(StatusRuntimeException failure) {
    SessionEnd.Broken broken = Session.broken(failure);
    Metadata trailers = failure.getTrailers();
    if (trailers == null || !RENEW.equals(trailers.get(HINT))) {
      return broken;
    }
    synchronized (this) {
      demanded = true;
    }
    return new SessionEnd.Broken(broken.reason(), false);
  }

  /** What an operator should know: the certificate should have been renewed long ago. */
  public synchronized Optional<String> condition() {
    X509Certificate certificate = identity.certificate();
    Instant until = certificate.getNotAfter().toInstant();
    Instant now = clock.instant();
    if (now.isBefore(RenewalRule.late(certificate.getNotBefore().toInstant(), until))) {
      return Optional.empty();
    }
    return Optional.of(
        "this host's certificate "
            + (now.isBefore(until) ? "expires " : "expired ")
            + until
            + " and is not renewed: "
            + lastFailure.orElse("no session with a server yet"));
  }

  /** One line for people. */
  public synchronized String text() {
    String text = "expires " + identity.expires() + ", renewal from " + due();
    return lastFailure.map(failure -> text + "; last try failed: " + failure).orElse(text);
  }

  private synchronized boolean isDue() {
    return demanded || !clock.instant().isBefore(due());
  }

  /** No session opens with the certificate as it is. */
  private synchronized boolean isNeeded() {
    return demanded || !clock.instant().isBefore(identity.expires());
  }

  private synchronized Duration untilDue() {
    Duration left = Duration.between(clock.instant(), due());
    if (left.isNegative()) {
      return Duration.ofMillis(1);
    }
    return left.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : left.plusMillis(1);
  }

  private synchronized Instant due() {
    X509Certificate certificate = identity.certificate();
    Instant due =
        RenewalRule.due(
            certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant(), spread);
    if (identity.isIssuedByTheFirstAuthority()) {
      moveBy = Optional.empty();
    } else {
      Instant move =
          moveBy.orElseGet(
              () -> clock.instant().plusMillis(Math.round(rule.moveWithin().toMillis() * spread)));
      moveBy = Optional.of(move);
      due = move.isBefore(due) ? move : due;
    }
    return due.isBefore(notBefore) ? notBefore : due;
  }

  /**
   * Empty: there is a new certificate, for the next connection.
   *
   * @param first the first call of a connection: that the server is not there is no failed renewal
   */
  private Optional<SessionEnd.Broken> renew(
      EasyAgentServiceBlockingStub stub, long epoch, boolean first) {
    try {
      KeyPair key = CertificateRequest.newKey();
      RenewCertificateResponse answer =
          stub.withDeadlineAfter(CALL_SECONDS, SECONDS)
              .renewCertificate(
                  RenewCertificateRequest.newBuilder()
                      .setH(headers.of(epoch))
                      .setCertificateRequest(ByteString.copyFrom(CertificateRequest.encode(key)))
                      .build());
      identity.renew(
          key.getPrivate(),
          key.getPublic(),
          Certificates.decode(answer.getCertificateChainList()),
          Certificates.decode(answer.getCertificateAuthoritiesList()));
      succeeded();
      return Optional.empty();
    } catch (StatusRuntimeException failure) {
      SessionEnd.Broken broken = Session.broken(failure);
      boolean unreached = Reachability.isUnreached(failure.getStatus());
      return Optional.of(first && unreached ? broken : failed(broken));
    } catch (GeneralSecurityException | IdentityException failure) {
      return Optional.of(
          failed(new SessionEnd.Broken(String.valueOf(failure.getMessage()), false)));
    }
  }

  private synchronized void succeeded() {
    failures = 0;
    demanded = false;
    lastFailure = Optional.empty();
    spread = random.getAsDouble();
    notBefore = clock.instant().plus(AT_MOST_EVERY);
    log.info("the certificate is renewed; it expires " + identity.expires());
  }

  private synchronized SessionEnd.Broken failed(SessionEnd.Broken failure) {
    failures++;
    demanded = false;
    Duration wait = rule.retry().delay(failures, random);
    notBefore = clock.instant().plus(wait);
    lastFailure = Optional.of(failure.reason());
    log.warning(
        "the certificate, which expires "
            + identity.expires()
            + ", is not renewed: "
            + failure.reason()
            + "; next try in "
            + wait.toSeconds()
            + " s");
    return new SessionEnd.Broken("certificate not renewed: " + failure.reason(), failure.refused());
  }
}
