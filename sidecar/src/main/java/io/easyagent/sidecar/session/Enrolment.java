package io.easyagent.sidecar.session;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.EnrollRequest;
import io.easyagent.protocol.EnrollResponse;
import io.easyagent.sidecar.identity.CertificateRequest;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.Replacement;
import io.easyagent.sidecar.identity.Tls;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.wire.Fields;
import io.easyagent.sidecar.wire.WireException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes a host one of a fleet. The token goes only to the server that the fingerprint names. For
 * one thread.
 */
public final class Enrolment {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final Channels channels;
  private final ServerAddress address;
  private final String fingerprint;
  private final String token;
  private final HostFacts facts;
  private final Optional<Identity> replaced;

  /** Of every try: by it the server knows that it is the same enrolment. */
  private Optional<KeyPair> key = Optional.empty();

  /** The host was not enrolled; says why and what next. */
  public static final class EnrolmentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> comeBackAfter;

    EnrolmentException(String message, Throwable cause) {
      this(message, cause, Optional.empty());
    }

    EnrolmentException(String message, Throwable cause, Optional<Duration> comeBackAfter) {
      super(message, cause);
      this.comeBackAfter = comeBackAfter;
    }

    EnrolmentException(String message) {
      super(message);
      this.comeBackAfter = Optional.empty();
    }

    /** When a server that is busy wants to be asked again. */
    public Optional<Duration> comeBackAfter() {
      return comeBackAfter;
    }

    /** The server may have enrolled the host, but its answer did not come in time. */
    public boolean unanswered() {
      return getCause() instanceof StatusRuntimeException failure
          && failure.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
    }
  }

  /**
   * @param channels of the connection that carries the token
   * @param fingerprint SHA-256 of the fleet's authority, lower-case hexadecimal
   * @param replaced what the host has been until now: a server that issued it, and still has the
   *     host, gives a new certificate to the same host
   */
  public Enrolment(
      Channels channels,
      ServerAddress address,
      String fingerprint,
      String token,
      HostFacts facts,
      Optional<Identity> replaced) {
    this.channels = channels;
    this.address = address;
    this.fingerprint = fingerprint;
    this.token = token;
    this.facts = facts;
    this.replaced = replaced;
  }

  /** Tries once, as the usual host does that is not enrolled. */
  public static Identity enrol(
      ServerAddress address, String fingerprint, String token, HostFacts facts)
      throws EnrolmentException {
    return new Enrolment(Channels.USUAL, address, fingerprint, token, facts, Optional.empty())
        .attempt();
  }

  /**
   * Tries once. May be tried again when nothing came of it: a server that had answered, unheard,
   * gives the same host again.
   */
  public Identity attempt() throws EnrolmentException {
    try {
      Tls.PinnedServer server = check(address, fingerprint);
      KeyPair own = key.isPresent() ? key.get() : CertificateRequest.newKey();
      key = Optional.of(own);
      byte[] certificateRequest = CertificateRequest.encode(own);
      EnrollRequest.Builder request =
          EnrollRequest.newBuilder()
              .setToken(token)
              .setCertificateRequest(ByteString.copyFrom(certificateRequest))
              .setHostName(facts.hostName())
              .setMachineId(facts.machineId())
              .setVersion(Registration.version(facts.sidecarVersion()));
      if (replaced.isPresent()) {
        request
            .setReplacedCertificate(
                ByteString.copyFrom(replaced.get().certificates().getFirst().getEncoded()))
            .setReplacementProof(
                ByteString.copyFrom(Replacement.prove(replaced.get(), certificateRequest)));
      }
      return identity(
          address, server, own, send(channels, address, server, request.build(), facts));
    } catch (GeneralSecurityException broken) {
      throw new EnrolmentException("not enrolled: " + broken.getMessage(), broken);
    }
  }

  private static Tls.PinnedServer check(ServerAddress address, String fingerprint)
      throws EnrolmentException, GeneralSecurityException {
    try {
      return Tls.check(new InetSocketAddress(address.host(), address.port()), fingerprint, TIMEOUT);
    } catch (CertificateException notTheServer) {
      throw new EnrolmentException(
          "server "
              + address
              + " is not the one that was asked for, and no token was sent: "
              + notTheServer.getMessage(),
          notTheServer);
    } catch (IOException | IllegalArgumentException unreachable) {
      throw new EnrolmentException(
          "server " + address + " cannot be reached: " + unreachable, unreachable);
    }
  }

  private static EnrollResponse send(
      Channels channels,
      ServerAddress address,
      Tls.PinnedServer server,
      EnrollRequest request,
      HostFacts facts)
      throws EnrolmentException, GeneralSecurityException {
    ManagedChannel channel = channels.open(address, Tls.anonymous(server), facts.sidecarVersion());
    try {
      return EasyAgentServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .enroll(request);
    } catch (StatusRuntimeException failure) {
      throw new EnrolmentException(explain(address, failure), failure, Pushback.find(failure));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String explain(ServerAddress address, StatusRuntimeException failure) {
    String reason = String.valueOf(failure.getStatus().getDescription());
    if (Reachability.isUnreached(failure.getStatus())) {
      return didNotAnswer(address, failure);
    }
    return switch (failure.getStatus().getCode()) {
      case UNAUTHENTICATED ->
          "the token was refused: " + reason + " (make a new one: easyagent enroll-token create)";
      case PERMISSION_DENIED, FAILED_PRECONDITION ->
          "the token is not valid here: "
              + reason
              + " (make a new one: easyagent enroll-token create)";
      case RESOURCE_EXHAUSTED -> "the server refuses for now: " + reason;
      case INVALID_ARGUMENT, ALREADY_EXISTS -> "the server refused the request: " + reason;
      case UNAVAILABLE, DEADLINE_EXCEEDED -> didNotAnswer(address, failure);
      case OK,
          CANCELLED,
          UNKNOWN,
          NOT_FOUND,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          INTERNAL,
          DATA_LOSS ->
          "enrolment failed: " + failure.getStatus();
    };
  }

  private static String didNotAnswer(ServerAddress address, StatusRuntimeException failure) {
    String reason = failure.getStatus().getDescription();
    return "server "
        + address
        + " did not answer"
        + (reason == null
            ? " (expected: the server's port for hosts, usually 8890)"
            : ": " + reason);
  }

  private static Identity identity(
      ServerAddress address, Tls.PinnedServer server, KeyPair key, EnrollResponse response)
      throws EnrolmentException, GeneralSecurityException {
    List<X509Certificate> chain = Certificates.decode(response.getCertificateChainList());
    List<X509Certificate> authorities =
        Certificates.decode(response.getCertificateAuthoritiesList());
    if (chain.isEmpty() || !chain.getFirst().getPublicKey().equals(key.getPublic())) {
      throw new EnrolmentException("the server's answer holds no certificate for this key");
    }
    if (!authorities.contains(server.authority())) {
      throw new EnrolmentException(
          "the server's answer does not hold the authority that the fingerprint names");
    }
    if (!response.getFleetId().equals(server.fleetId())) {
      throw new EnrolmentException(
          "fleet: " + response.getFleetId() + " (expected: " + server.fleetId() + ")");
    }
    try {
      return new Identity(
          Fields.uuid(response.getHostId(), "hostId"),
          response.getFleetId(),
          key.getPrivate(),
          chain,
          authorities,
          List.of(address.toString()),
          response.getEphemeral());
    } catch (WireException malformed) {
      throw new EnrolmentException("the server's answer: " + malformed.getMessage(), malformed);
    }
  }
}
