package io.easyagent.server.access;

import io.easyagent.server.access.CertificateAuthority.InvalidRequestException;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.net.InetAddress;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a machine a host: for a good token, a certificate. The token's use, the host and its
 * certificate are stored together or not at all. A machine that did not hear the answer asks again
 * with the same key, and is the same host, for one use of the token.
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
      InstantSource clock,
      RateLimit failures,
      FleetSize size) {
    this.authorities = authorities;
    this.certificates = certificates;
    this.tokens = tokens;
    this.hosts = hosts;
    this.writer = writer;
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
    PublicKey key;
    try {
      key = CertificateAuthority.requireProvenKey(request.certificateRequest());
    } catch (InvalidRequestException invalid) {
      failures.failed(from);
      return new Outcome.Refused(new Refusal(ErrorCode.BAD_REQUEST, invalid.reason()));
    }
    String secretHash = Secrets.hash(request.token());
    HostId host = known.orElseGet(() -> EnrolledHosts.id(secretHash, key));
    CertificateAuthority issuer = authorities.issuing();
    X509Certificate certificate = issuer.issueHostCertificate(host, key);
    Optional<Admitted> admitted =
        request.token().length() > LONGEST_TOKEN
            ? Optional.empty()
            : writer.write(transaction -> {
              Optional<EnrollToken> token =
                  tokens
                      .findBySecret(transaction, secretHash)
                      .filter(found ->
                          clock.instant().isBefore(found.expiresAt()) && allows(found, from));
              if (token.isEmpty()) {
                return Optional.empty();
              }
              Optional<Host> earlier = hosts.find(transaction, host);
              if (known.isEmpty() && earlier.isPresent()) {
                requireUnseen(earlier.get());
                certificates.addRenewed(transaction, host, certificate, issuer.fingerprint());
                return Optional.of(new Admitted(earlier.get().ephemeral()));
              }
              if (!tokens.takeUse(transaction, token.get().id())) {
                return Optional.empty();
              }
              boolean ephemeral =
                  known.isPresent()
                      ? require(earlier, host).ephemeral()
                      : add(transaction, host, request, token.get());
              certificates.add(transaction, host, certificate, issuer.fingerprint());
              return Optional.of(new Admitted(ephemeral));
            });
    if (admitted.isEmpty()) {
      failures.failed(from);
      return new Outcome.Refused(BAD_TOKEN);
    }
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(certificate);
    chain.addAll(issuer.chain());
    return new Outcome.Enrolled(host, chain, authorities.trusted(), admitted.get().ephemeral());
  }

  private record Admitted(boolean ephemeral) {}

  private static Host require(Optional<Host> known, HostId host) {
    return known.orElseThrow(
        () -> new RefusedException(ErrorCode.CONFLICT, "host " + host + " was removed meanwhile"));
  }

  /**
   * The same token and key again are the same enrolment, whose answer was lost, as long as nobody
   * has come with it. The certificate of the lost answer stays good until another is used.
   */
  private static void requireUnseen(Host earlier) {
    if (earlier.lastSeen().isPresent()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "certificateRequest: the key of host "
              + earlier.id()
              + ", which has been here since (expected: a new key)");
    }
  }

  /** Whether it is ephemeral. */
  private boolean add(Transaction transaction, HostId host, Request request, EnrollToken token) {
    size.grow(transaction);
    String name = HostText.word(request.hostName());
    hosts.insert(
        transaction,
        host,
        name.isEmpty() ? host.toString() : name,
        HostText.word(request.machineId()),
        token.labels(),
        clock.instant());
    if (token.ephemeral()) {
      hosts.markEphemeral(transaction, host);
    }
    return token.ephemeral();
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
