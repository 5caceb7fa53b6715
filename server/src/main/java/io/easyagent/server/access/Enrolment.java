package io.easyagent.server.access;

import io.easyagent.server.access.CertificateAuthority.InvalidRequestException;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Writer;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

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

  private final Authorities authorities;
  private final HostCertificates certificates;
  private final EnrollTokenStore tokens;
  private final HostStore hosts;
  private final Writer writer;
  private final IdMint ids;
  private final InstantSource clock;
  private final Replacements replacements;
  private final RateLimit failures;
  private final FleetSize size;

  public Enrolment(
      Authorities authorities,
      HostCertificates certificates,
      EnrollTokenStore tokens,
      HostStore hosts,
      Writer writer,
      IdMint ids,
      InstantSource clock,
      RateLimit failures,
      FleetSize size) {
    this.authorities = authorities;
    this.certificates = certificates;
    this.tokens = tokens;
    this.hosts = hosts;
    this.writer = writer;
    this.ids = ids;
    this.clock = clock;
    this.replacements =
        new Replacements(
            certificate -> authorities.issuerOf(certificate).isPresent(),
            certificates,
            hosts,
            writer);
    this.failures = failures;
    this.size = size;
  }

  /**
   * Enrols the machine that asks from the address. Waits for the store. All wrong tokens get the
   * same answer; who fails too often waits.
   *
   * @throws RefusedException TOO_MANY_REQUESTS when there are as many hosts as there may be: the
   *     token is not used up then
   */
  public Outcome enrol(Request request, InetAddress from) {
    if (!failures.allows(from)) {
      return new Outcome.Refused(
          new Refusal(
              ErrorCode.TOO_MANY_REQUESTS,
              "too many failed enrolments from " + from.getHostAddress()));
    }
    Optional<HostId> known =
        replacements.find(
            request.replacedCertificate(),
            request.replacementProof(),
            request.certificateRequest());
    HostId host = known.orElseGet(() -> new HostId(ids.nextRandom()));
    CertificateAuthority issuer = authorities.issuing();
    X509Certificate certificate;
    try {
      certificate = issuer.issueHostCertificate(host, request.certificateRequest());
    } catch (InvalidRequestException invalid) {
      failures.failed(from);
      return new Outcome.Refused(new Refusal(ErrorCode.BAD_REQUEST, invalid.reason()));
    }
    AtomicBoolean ephemeral = new AtomicBoolean();
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
              if (known.isPresent()) {
                Host again =
                    hosts
                        .find(transaction, host)
                        .orElseThrow(() ->
                            new RefusedException(
                                ErrorCode.CONFLICT, "host " + host + " was removed meanwhile"));
                ephemeral.set(again.ephemeral());
                certificates.add(transaction, host, certificate, issuer.fingerprint());
                return true;
              }
              size.grow(transaction);
              String name = HostText.word(request.hostName());
              hosts.insert(
                  transaction,
                  host,
                  name.isEmpty() ? host.toString() : name,
                  HostText.word(request.machineId()),
                  token.get().labels(),
                  now);
              if (token.get().ephemeral()) {
                hosts.markEphemeral(transaction, host);
                ephemeral.set(true);
              }
              certificates.add(transaction, host, certificate, issuer.fingerprint());
              return true;
            });
    if (!stored) {
      failures.failed(from);
      return new Outcome.Refused(BAD_TOKEN);
    }
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(certificate);
    chain.addAll(issuer.chain());
    return new Outcome.Enrolled(host, chain, authorities.trusted(), ephemeral.get());
  }

  private static boolean allows(EnrollToken token, InetAddress from) {
    return token.networks().isEmpty()
        || token.networks().stream().map(Network::parse).anyMatch(net -> net.contains(from));
  }

  /**
   * @param certificateRequest PKCS#10, DER
   * @param replacedCertificate what the host has had until now, DER; may be empty
   * @param replacementProof the signature over the request by that certificate's key
   */
  public record Request(
      String token,
      byte[] certificateRequest,
      String hostName,
      String machineId,
      byte[] replacedCertificate,
      byte[] replacementProof) {
    @Override
    public String toString() {
      return "Request[" + HostText.word(hostName) + "]";
    }
  }

  /** What became of it. */
  public sealed interface Outcome {
    /**
     * @param chain the host's certificate first
     * @param authorities that the host trusts
     * @param ephemeral the host goes by itself
     */
    record Enrolled(
        HostId host,
        List<X509Certificate> chain,
        List<X509Certificate> authorities,
        boolean ephemeral)
        implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
  }
}
