package io.easyagent.server.access;

import io.easyagent.server.access.CertificateAuthority.InvalidRequestException;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.store.Writer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives hosts certificates in the place of those that they have. */
public final class Renewals {
  private static final int MOST_A_DAY = 20;
  private static final Duration DAY = Duration.ofDays(1);

  private final Authorities authorities;
  private final HostCertificates certificates;
  private final CertificateStore store;
  private final Writer writer;
  private final InstantSource clock;

  public Renewals(
      Authorities authorities,
      HostCertificates certificates,
      CertificateStore store,
      Writer writer,
      InstantSource clock) {
    this.authorities = authorities;
    this.certificates = certificates;
    this.store = store;
    this.writer = writer;
    this.clock = clock;
  }

  /** What became of it. */
  public sealed interface Outcome {
    /**
     * @param chain the host's certificate first
     * @param authorities that the host trusts from now on
     */
    record Renewed(List<X509Certificate> chain, List<X509Certificate> authorities)
        implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
  }

  /**
   * Issues a certificate for the host and the key of the request. Nothing else of the request is
   * used. Waits for the store.
   *
   * @param presented that the host asks with; that it may be renewed was checked, that it was not
   *     revoked meanwhile is checked again
   */
  public Outcome renew(HostCertificate presented, byte[] request) {
    CertificateAuthority issuer = authorities.issuing();
    X509Certificate certificate;
    try {
      certificate = issuer.issueHostCertificate(presented.host(), request);
    } catch (InvalidRequestException invalid) {
      return new Outcome.Refused(new Refusal(ErrorCode.BAD_REQUEST, invalid.reason()));
    }
    Optional<Refusal> refusal =
        writer.write(transaction -> {
          if (!store.isKnown(transaction, presented)) {
            return Optional.of(
                new Refusal(
                    ErrorCode.FORBIDDEN,
                    "the certificate of host " + presented.host() + " is revoked"));
          }
          long issued =
              store.countIssued(transaction, presented.host(), clock.instant().minus(DAY));
          if (issued >= MOST_A_DAY) {
            return Optional.of(
                new Refusal(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "host %s got %d certificates within a day (expected: at most %d)"
                        .formatted(presented.host(), issued, MOST_A_DAY)));
          }
          certificates.addRenewed(transaction, presented.host(), certificate, issuer.fingerprint());
          return Optional.<Refusal>empty();
        });
    if (refusal.isPresent()) {
      return new Outcome.Refused(refusal.get());
    }
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(certificate);
    chain.addAll(issuer.chain());
    return new Outcome.Renewed(chain, authorities.trusted());
  }
}
