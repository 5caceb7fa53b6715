package io.easyagent.server.access;

import io.easyagent.server.access.CertificateAuthority.InvalidRequestException;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.store.Writer;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Makes a machine a host: for a good token, a certificate. The token's use, the host and its
 * certificate are stored together or not at all.
 */
public final class Enrolment {
  private static final Refusal BAD_TOKEN =
      new Refusal(
          ErrorCode.FORBIDDEN,
          "enrolment token: not valid (expected: one that is known, neither expired nor used up,"
              + " and allowed from this address)");
  private static final int LONGEST_TOKEN = 256;

  private final CertificateAuthority authority;
  private final HostCertificates certificates;
  private final EnrollTokenStore tokens;
  private final HostStore hosts;
  private final Writer writer;
  private final IdMint ids;
  private final InstantSource clock;
  private final RateLimit failures;

  public Enrolment(
      CertificateAuthority authority,
      HostCertificates certificates,
      EnrollTokenStore tokens,
      HostStore hosts,
      Writer writer,
      IdMint ids,
      InstantSource clock,
      RateLimit failures) {
    this.authority = authority;
    this.certificates = certificates;
    this.tokens = tokens;
    this.hosts = hosts;
    this.writer = writer;
    this.ids = ids;
    this.clock = clock;
    this.failures = failures;
  }

  /**
   * Enrols the machine that asks from the address. Waits for the store. All wrong tokens get the
   * same answer; who fails too often waits.
   */
  public Outcome enrol(Request request, InetAddress from) {
    if (!failures.allows(from)) {
      return new Outcome.Refused(
          new Refusal(
              ErrorCode.TOO_MANY_REQUESTS,
              "too many failed enrolments from " + from.getHostAddress()));
    }
    HostId host = new HostId(ids.nextRandom());
    X509Certificate certificate;
    try {
      certificate = authority.issueHostCertificate(host, request.certificateRequest());
    } catch (InvalidRequestException invalid) {
      failures.failed(from);
      return new Outcome.Refused(new Refusal(ErrorCode.BAD_REQUEST, invalid.reason()));
    }
    boolean stored =
        request.token().length() <= LONGEST_TOKEN
            && writer.write(transaction -> {
              Instant now = clock.instant();
              Optional<EnrollToken> token =
                  tokens
                      .findBySecret(transaction, Secrets.hash(request.token()))
                      .filter(found -> now.isBefore(found.expiresAt()) && allows(found, from));
              if (token.isEmpty() || !tokens.takeUse(transaction, token.get().id())) {
                return false;
              }
              String name = HostText.word(request.hostName());
              hosts.insert(
                  transaction,
                  host,
                  name.isEmpty() ? host.toString() : name,
                  HostText.word(request.machineId()),
                  token.get().labels(),
                  now);
              certificates.add(transaction, host, certificate);
              return true;
            });
    if (!stored) {
      failures.failed(from);
      return new Outcome.Refused(BAD_TOKEN);
    }
    return new Outcome.Enrolled(host, certificate, authority.certificate());
  }

  private static boolean allows(EnrollToken token, InetAddress from) {
    return token.networks().isEmpty()
        || token.networks().stream().map(Network::parse).anyMatch(net -> net.contains(from));
  }

  /**
   * @param certificateRequest PKCS#10, DER
   */
  public record Request(
      String token, byte[] certificateRequest, String hostName, String machineId) {
    @Override
    public String toString() {
      return "Request[" + HostText.word(hostName) + "]";
    }
  }

  /** What became of it. */
  public sealed interface Outcome {
    record Enrolled(HostId host, X509Certificate certificate, X509Certificate authority)
        implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
  }
}
