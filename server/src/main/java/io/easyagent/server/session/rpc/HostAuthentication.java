package io.easyagent.server.session.rpc;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ArtifactRequest;
import io.easyagent.protocol.ControlRequest;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.LeaveRequest;
import io.easyagent.protocol.LogPart;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.protocol.SecretsRequest;
import io.easyagent.server.access.HostCertificate;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.transport.HostIdentification;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The one place where hosts are authenticated. Every call but those on the short open list needs a
 * host's certificate that is good for it, and every message must carry that host's id.
 */
public final class HostAuthentication extends HostIdentification {
  /** Calls open to a peer without a certificate. */
  private static final Set<String> OPEN =
      Set.of(EasyAgentServiceGrpc.getEnrollMethod().getFullMethodName());

  /** Calls that hear of a certificate that does not count, to say what is to be done. */
  private static final Set<String> HEARD =
      Set.of(EasyAgentServiceGrpc.getRegisterSidecarMethod().getFullMethodName());

  private static final String RENEWAL =
      EasyAgentServiceGrpc.getRenewCertificateMethod().getFullMethodName();

  /** Tells the sidecar that renewing is of use. */
  private static final Metadata.Key<String> HINT =
      Metadata.Key.of("easyagent-certificate", Metadata.ASCII_STRING_MARSHALLER);

  private static final Attributes.Key<HostCertificate> CERTIFICATE =
      Attributes.Key.create("host-certificate");

  /** Until the request of a call without a certificate must be there whole. */
  private static final Duration PATIENCE_WITH_STRANGERS = Duration.ofSeconds(20);

  private final HostCertificates certificates;
  private final PromptCalls ofStrangers;

  /**
   * @param scheduler for what is quick
   */
  public HostAuthentication(HostCertificates certificates, ScheduledExecutorService scheduler) {
    this.certificates = certificates;
    this.ofStrangers = new PromptCalls(PATIENCE_WITH_STRANGERS, scheduler);
  }

  /** Reads the certificate once for each connection; TLS has verified who issued it. */
  @Override
  public Attributes transportReady(Attributes transport) {
    return leaf(transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
        .flatMap(HostCertificate::of)
        .map(found -> transport.toBuilder().set(CERTIFICATE, found).build())
        .orElse(transport);
  }

  @Override
  public Optional<HostId> host(Attributes transport) {
    return Optional.ofNullable(transport.get(CERTIFICATE)).map(HostCertificate::host);
  }

  private static Optional<X509Certificate> leaf(@Nullable SSLSession session) {
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length == 0 ? Optional.empty() : Optional.of(read(chain[0]));
    } catch (SSLPeerUnverifiedException | CertificateException none) {
      return Optional.empty();
    }
  }

  /**
   * A copy: the session's own parses itself at the first question, and would keep that, many times
   * the size of its bytes, for as long as the connection lasts.
   */
  private static X509Certificate read(Certificate certificate) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate.getEncoded()));
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Context context = Context.current();
    InetAddress address = address(call);
    if (address != null) {
      context = context.withValue(Caller.ADDRESS, address);
    }
    if (OPEN.contains(call.getMethodDescriptor().getFullMethodName())) {
      Context known = context;
      return ofStrangers.interceptCall(
          call, headers, (later, head) -> Contexts.interceptCall(known, later, head, next));
    }
    HostCertificate certificate = call.getAttributes().get(CERTIFICATE);
    if (certificate == null) {
      return refuse(
          call,
          Status.UNAUTHENTICATED.withDescription(
              "unauthenticated: no host certificate (expected: the one that enrolment gave)"));
    }
    String method = call.getMethodDescriptor().getFullMethodName();
    Optional<X509Certificate> unknown = heard(call, certificate, method);
    Optional<Refused> refused =
        unknown.isPresent() ? Optional.empty() : refused(certificate, RENEWAL.equals(method));
    if (unknown.isPresent()) {
      context = context.withValue(Caller.UNCOUNTED, unknown.get());
    } else if (refused.isPresent()) {
      call.close(refused.get().status(), refused.get().trailers());
      return new ServerCall.Listener<>() {};
    }
    ServerCall.Listener<Q> listener =
        Contexts.interceptCall(
            context.withValue(Caller.CERTIFICATE, certificate), call, headers, next);
    return new SimpleForwardingServerCallListener<>(listener) {
      private boolean refused;

      @Override
      public void onMessage(Q message) {
        Optional<Status> refusal = refusal(certificate, message);
        if (refusal.isPresent()) {
          refused = true;
          call.close(refusal.get(), new Metadata());
        } else {
          super.onMessage(message);
        }
      }

      /** The handler never saw the message, so it must not be told that all have come. */
      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }

  /** A certificate that does not count, in a call that hears of it; for as long as any is good. */
  private Optional<X509Certificate> heard(
      ServerCall<?, ?> call, HostCertificate certificate, String method) {
    if (!HEARD.contains(method)
        || certificates.standing(certificate) != HostCertificates.Standing.REVOKED) {
      return Optional.empty();
    }
    return leaf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
        .filter(leaf -> certificates.isTimely(leaf.getNotAfter().toInstant()));
  }

  private record Refused(Status status, Metadata trailers) {}

  /** A certificate that is over, or replaced, is good for one call alone: its renewal. */
  private Optional<Refused> refused(HostCertificate certificate, boolean renewal) {
    String whose = "the certificate of host " + certificate.host();
    return switch (certificates.standing(certificate)) {
      case VALID -> Optional.empty();
      case SUPERSEDED ->
          renewal
              ? Optional.empty()
              : renewable(
                  whose + " was superseded by a later one (expected: that one, or to renew)");
      case EXPIRED ->
          renewal ? Optional.empty() : renewable(whose + " has expired (expected: to renew it)");
      case LAPSED ->
          Optional.of(
              new Refused(
                  Status.UNAUTHENTICATED.withDescription(
                      "unauthenticated: "
                          + whose
                          + " expired too long ago to be renewed (at most "
                          + HostCertificates.RENEWABLE.toDays()
                          + " days); enrol this host anew: easyagent-sidecar enroll --replace"),
                  new Metadata()));
      case REVOKED ->
          Optional.of(
              new Refused(
                  Status.PERMISSION_DENIED.withDescription("forbidden: " + whose + " is revoked"),
                  new Metadata()));
    };
  }

  private static Optional<Refused> renewable(String why) {
    Metadata hint = new Metadata();
    hint.put(HINT, "renew");
    return Optional.of(
        new Refused(Status.UNAUTHENTICATED.withDescription("unauthenticated: " + why), hint));
  }

  private static Optional<Status> refusal(HostCertificate certificate, Object message) {
    ByteString id =
        switch (message) {
          case RegisterRequest request -> request.getH().getId();
          case ControlRequest request -> request.getH().getId();
          case Event event -> event.getH().getId();
          case Inventory inventory -> inventory.getH().getId();
          case EventBatch batch -> batch.getH().getId();
          case ArtifactRequest request -> request.getH().getId();
          case LeaveRequest request -> request.getH().getId();
          case RenewCertificateRequest request -> request.getH().getId();
          case SecretsRequest request -> request.getH().getId();
          case LogPart part -> part.getH().getId();
          default -> ByteString.EMPTY;
        };
    if (id.equals(WireIds.bytes(certificate.host().value()))) {
      return Optional.empty();
    }
    return Optional.of(
        Status.PERMISSION_DENIED.withDescription(
            "forbidden: host id %s used with the certificate of host %s"
                .formatted(
                    WireIds.hexadecimal(id.substring(0, Math.min(16, id.size()))),
                    certificate.host())));
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static @Nullable InetAddress address(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
            instanceof InetSocketAddress socket
        ? socket.getAddress()
        : null;
  }
}
