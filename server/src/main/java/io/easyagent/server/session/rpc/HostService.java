package io.easyagent.server.session.rpc;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ArtifactChunk;
import io.easyagent.protocol.ArtifactRequest;
import io.easyagent.protocol.ControlRequest;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.EasyAgentServiceGrpc.EasyAgentServiceImplBase;
import io.easyagent.protocol.EmptyResponse;
import io.easyagent.protocol.EnrollRequest;
import io.easyagent.protocol.EnrollResponse;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.EventBatchResponse;
import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.InventoryResponse;
import io.easyagent.protocol.LeaveRequest;
import io.easyagent.protocol.LogPart;
import io.easyagent.protocol.LogResponse;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.protocol.RegisterResponse;
import io.easyagent.protocol.RejectedEvent;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.protocol.RenewCertificateResponse;
import io.easyagent.protocol.SecretsRequest;
import io.easyagent.protocol.SecretsResponse;
import io.easyagent.protocol.SoftwareVersion;
import io.easyagent.server.access.Authorities;
import io.easyagent.server.access.Enrolment;
import io.easyagent.server.access.HostCertificate;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.access.Readmission;
import io.easyagent.server.access.Renewals;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.artifact.Archives;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogStreams;
import io.easyagent.server.operation.HostLinks;
import io.easyagent.server.operation.Wake;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.secret.SecretVault;
import io.easyagent.server.session.EphemeralHosts;
import io.easyagent.server.session.EventsAnswer;
import io.easyagent.server.session.InventoryAnswer;
import io.easyagent.server.session.Opening;
import io.easyagent.server.session.Reports;
import io.easyagent.server.session.Sessions;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.transport.Admission;
import io.easyagent.server.transport.RpcStatus;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What hosts call. Calls arrive on the event loop: metrics stay there, everything that waits goes
 * to a virtual thread.
 */
public final class HostService extends EasyAgentServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(HostService.class);
  private static final int MOST_EVENTS = 500;
  private static final int MOST_SECRETS = 32;
  private static final Refusal BUSY =
      new Refusal(
          ErrorCode.TOO_MANY_REQUESTS,
          "the server has other hosts to serve first; come back when it says");

  /** What the service stands on. */
  public record Parts(
      Enrolment enrolment,
      Readmission readmission,
      EphemeralHosts ephemeral,
      HostCertificates certificates,
      Renewals renewals,
      Authorities authorities,
      Sessions sessions,
      Reports reports,
      HostLinks links,
      Wake wake,
      Archives archives,
      SecretVault secrets,
      LogStreams logs,
      LatestMetrics metrics,
      InstantSource clock,
      Admissions admissions,
      Identity identity) {}

  /**
   * What sessions are told of the server.
   *
   * @param generation of the store, hexadecimal
   * @param announced where hosts are to look for the server from now on
   */
  public record Identity(
      String version,
      List<String> capabilities,
      String fleetId,
      String generation,
      Duration metricsInterval,
      List<String> announced) {}

  private final Parts parts;
  private final CommandCodec commands;
  private final ReportCodec codec;
  private final Executor waiting = work -> Thread.ofVirtual().name("host-call").start(work);

  public HostService(Parts parts) {
    this.parts = parts;
    this.commands = new CommandCodec(parts.identity().generation(), parts.clock());
    this.codec = new ReportCodec(parts.clock());
  }

  @Override
  public void enroll(EnrollRequest request, StreamObserver<EnrollResponse> answer) {
    var address = Caller.ADDRESS.get();
    answerAdmitted(
        parts.admissions().enrolments(),
        1,
        answer,
        () -> {
          if (address == null) {
            throw new RefusedException(ErrorCode.FORBIDDEN, "enrolment from an unknown address");
          }
          Enrolment.Outcome outcome =
              parts
                  .enrolment()
                  .enrol(
                      new Enrolment.Request(
                          request.getToken(),
                          request.getCertificateRequest().toByteArray(),
                          request.getHostName(),
                          request.getMachineId(),
                          request.getReplacedCertificate().toByteArray(),
                          request.getReplacementProof().toByteArray()),
                      address);
          return switch (outcome) {
            case Enrolment.Outcome.Enrolled enrolled -> {
              log.info(
                  "host enrolled host={} address={}", enrolled.host(), address.getHostAddress());
              yield enrolled(enrolled);
            }
            case Enrolment.Outcome.Refused(Refusal refusal) -> {
              log.warn("enrolment refused address={}: {}", address.getHostAddress(), refusal);
              throw new RefusedException(refusal);
            }
          };
        });
  }

  private EnrollResponse enrolled(Enrolment.Outcome.Enrolled enrolled) {
    return EnrollResponse.newBuilder()
        .setHostId(WireIds.bytes(enrolled.host().value()))
        .addAllCertificateChain(encoded(enrolled.chain()))
        .addAllCertificateAuthorities(encoded(enrolled.authorities()))
        .setFleetId(parts.identity().fleetId())
        .setEphemeral(enrolled.ephemeral())
        .build();
  }

  private static List<ByteString> encoded(List<X509Certificate> certificates) {
    List<ByteString> encoded = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      try {
        encoded.add(ByteString.copyFrom(certificate.getEncoded()));
      } catch (CertificateEncodingException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return encoded;
  }

  @Override
  public void renewCertificate(
      RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> answer) {
    HostCertificate presented = caller();
    answerLater(
        answer,
        () ->
            switch (parts
                .renewals()
                .renew(presented, request.getCertificateRequest().toByteArray())) {
              case Renewals.Outcome.Renewed(var chain, var authorities) -> {
                log.info("host certificate renewed host={}", presented.host());
                yield RenewCertificateResponse.newBuilder()
                    .addAllCertificateChain(encoded(chain))
                    .addAllCertificateAuthorities(encoded(authorities))
                    .build();
              }
              case Renewals.Outcome.Refused(Refusal refusal) -> {
                log.warn("renewal refused host={}: {}", presented.host(), refusal);
                throw new RefusedException(refusal);
              }
            });
  }

  @Override
  public void registerSidecar(RegisterRequest request, StreamObserver<RegisterResponse> answer) {
    HostCertificate certificate = caller();
    HostId host = certificate.host();
    String address = callerAddress();
    X509Certificate uncounted = Caller.UNCOUNTED.get();
    if (uncounted != null) {
      answerLater(
          answer,
          () -> {
            throw new RefusedException(
                parts
                    .readmission()
                    .present(
                        certificate,
                        parts.authorities().issuerOf(uncounted).orElse(""),
                        uncounted.getNotAfter().toInstant(),
                        request.getHost(),
                        request.getMachineId(),
                        address));
          });
      return;
    }
    answerAdmitted(
        parts.admissions().sessions(),
        1,
        answer,
        () -> {
          requireCaller(answer);
          return switch (parts.sessions().register(host, codec.registration(request, address))) {
            case Opening.Opened opened -> {
              parts.certificates().used(certificate);
              yield opened(opened);
            }
            case Opening.Reported reported -> {
              parts.certificates().used(certificate);
              yield reported(reported);
            }
            case Opening.Refused(Refusal refusal) -> throw new RefusedException(refusal);
          };
        });
  }

  /**
   * What was held up on the way is not acted on once its caller has given it up: a later call may
   * have opened the host's session, and this one would pass for a copy of the host.
   */
  private static void requireCaller(StreamObserver<?> answer) {
    if (answer instanceof ServerCallStreamObserver<?> call && call.isCancelled()) {
      throw new RefusedException(ErrorCode.UNAVAILABLE, "the caller has given the call up");
    }
  }

  private RegisterResponse opened(Opening.Opened opened) {
    return server(opened.hostName(), opened.labels())
        .setSessionEpoch(opened.epoch())
        .setNonce(WireIds.bytes(opened.nonce()))
        .build();
  }

  /** Without an epoch, which no call is taken with, and without a nonce to be kept. */
  private RegisterResponse reported(Opening.Reported reported) {
    return server(reported.hostName(), reported.labels()).build();
  }

  private RegisterResponse.Builder server(String hostName, Map<String, String> labels) {
    Identity identity = parts.identity();
    return RegisterResponse.newBuilder()
        .setVersion(
            SoftwareVersion.newBuilder()
                .setVersion(identity.version())
                .addAllCapabilities(identity.capabilities()))
        .setGeneration(WireIds.bytes(identity.generation()))
        .setFleetId(identity.fleetId())
        .setMetricsInterval(WireTimes.of(identity.metricsInterval()))
        .addAllServerAddresses(identity.announced())
        .setHostName(hostName)
        .putAllLabels(labels)
        .addAllCertificateAuthorities(encoded(parts.authorities().trusted()));
  }

  @Override
  public void leave(LeaveRequest request, StreamObserver<EmptyResponse> answer) {
    HostId host = caller().host();
    answerLater(
        answer,
        () -> {
          parts.ephemeral().leave(host, request.getH().getSessionEpoch());
          return EmptyResponse.getDefaultInstance();
        });
  }

  @Override
  public void reportInventory(Inventory request, StreamObserver<InventoryResponse> answer) {
    HostId host = caller().host();
    answerLater(
        answer,
        () -> {
          InventoryAnswer inventory =
              parts
                  .reports()
                  .inventory(host, request.getH().getSessionEpoch(), codec.inventory(request));
          return InventoryResponse.newBuilder()
              .setCommittedNumber(inventory.committedNumber())
              .setStartNewIncarnation(inventory.startNewIncarnation())
              .addAllFinishedOperations(
                  inventory.forgettable().stream().map(id -> WireIds.bytes(id.value())).toList())
              .build();
        });
  }

  @Override
  public void reportEvents(EventBatch request, StreamObserver<EventBatchResponse> answer) {
    HostId host = caller().host();
    answerAdmitted(
        parts.admissions().events(),
        request.getEventsCount(),
        answer,
        () -> {
          if (request.getEventsCount() > MOST_EVENTS) {
            throw new RefusedException(
                ErrorCode.BAD_REQUEST,
                "events: %d (expected: at most %d)"
                    .formatted(request.getEventsCount(), MOST_EVENTS));
          }
          EventsAnswer events =
              parts
                  .reports()
                  .events(
                      host,
                      request.getH().getSessionEpoch(),
                      ReportCodec.incarnation(request.getIncarnation()),
                      request.getEventsList().stream().map(codec::numbered).toList());
          EventBatchResponse.Builder wire =
              EventBatchResponse.newBuilder().setCommittedNumber(events.committedNumber());
          events
              .rejected()
              .forEach((number, reason) ->
                  wire.addRejected(RejectedEvent.newBuilder().setNumber(number).setReason(reason)));
          return wire.build();
        });
  }

  /** Stays on the event loop: nothing here waits. */
  @Override
  public void reportEvent(Event event, StreamObserver<EmptyResponse> answer) {
    HostId host = caller().host();
    long epoch = event.getH().getSessionEpoch();
    boolean current = parts.links().find(host).filter(link -> link.epoch() == epoch).isPresent();
    if (!current) {
      answer.onError(
          RpcStatus.of(
              new Refusal(
                  ErrorCode.CONFLICT,
                  "session epoch " + epoch + " (expected: that of the host's open stream)")));
      return;
    }
    try {
      switch (event.getDetailsCase()) {
        case OSRESOURCEUSAGES -> {
          var agents = MetricsCodec.agents(event.getOsResourceUsages());
          parts.metrics().ofHost(host, MetricsCodec.host(event.getOsResourceUsages()));
          agents.forEach((agent, figures) -> parts.metrics().ofAgent(host, agent, figures));
        }
        case PROCRESOURCEUSAGES -> {
          var agent = event.getProcResourceUsages();
          parts.metrics().ofAgent(host, MetricsCodec.id(agent), MetricsCodec.agent(agent));
        }
        default ->
            throw new RefusedException(
                ErrorCode.BAD_REQUEST,
                event.getDetailsCase() + " (expected: metrics; see reportEvents)");
      }
      answer.onNext(EmptyResponse.getDefaultInstance());
      answer.onCompleted();
    } catch (RuntimeException failure) {
      answer.onError(RpcStatus.of(failure));
    }
  }

  @Override
  public void readyForControl(ControlRequest request, StreamObserver<ControlResponse> answer) {
    HostCertificate certificate = caller();
    HostId host = certificate.host();
    var stream = (ServerCallStreamObserver<ControlResponse>) answer;
    ControlStream link =
        new ControlStream(
            host,
            request.getH().getSessionEpoch(),
            commands,
            stream,
            () -> parts.certificates().mayGoOn(certificate));
    stream.setOnReadyHandler(() -> parts.wake().wake(List.of(host)));
    stream.setOnCancelHandler(() -> waiting.execute(() -> ended(link)));
    stream.setOnCloseHandler(() -> waiting.execute(() -> ended(link)));
    CompletableFuture.delayedExecutor(
            parts.sessions().objection(link).toMillis(), TimeUnit.MILLISECONDS, waiting)
        .execute(() -> open(link, stream, certificate));
  }

  private void ended(ControlStream link) {
    parts.logs().ended(link);
    parts.sessions().ended(link);
  }

  /** What happened to the host or the stream while it was not in place yet is looked up after. */
  private void open(
      ControlStream link,
      ServerCallStreamObserver<ControlResponse> stream,
      HostCertificate certificate) {
    try {
      parts.sessions().online(link);
      if (stream.isCancelled()) {
        ended(link);
      } else if (!parts.certificates().mayGoOn(certificate)) {
        link.closeAsOver();
      }
    } catch (RuntimeException failure) {
      link.close(RpcStatus.of(failure).getStatus());
    }
  }

  @Override
  public void downloadArtifact(ArtifactRequest request, StreamObserver<ArtifactChunk> answer) {
    HostCertificate certificate = caller();
    var stream = (ServerCallStreamObserver<ArtifactChunk>) answer;
    ArtifactSender sender =
        new ArtifactSender(stream, () -> parts.certificates().mayGoOn(certificate));
    Runnable forget = parts.certificates().whenRevoked(certificate, sender::lookAgain);
    waiting.execute(() -> {
      try {
        String sha256 = WireIds.bounded(request.getSha256(), 32, "sha256");
        Archives.Archive archive =
            parts
                .archives()
                .find(sha256)
                .orElseThrow(() ->
                    new RefusedException(ErrorCode.NOT_FOUND, "no package with SHA-256 " + sha256));
        sender.send(archive, request.getOffset());
      } catch (IOException failure) {
        log.error("artifact not sent host={}", certificate.host(), failure);
        stream.onError(
            RpcStatus.of(new Refusal(ErrorCode.UNAVAILABLE, "the package cannot be read")));
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException failure) {
        if (!stream.isCancelled()) {
          stream.onError(RpcStatus.of(failure));
        }
      } finally {
        forget.run();
      }
    });
  }

  @Override
  public StreamObserver<LogPart> streamLog(StreamObserver<LogResponse> answer) {
    HostCertificate certificate = caller();
    return new LogReceiver(
        (ServerCallStreamObserver<LogResponse>) answer,
        parts.logs(),
        certificate.host(),
        () -> parts.certificates().mayGoOn(certificate));
  }

  private static String callerAddress() {
    InetAddress address = Caller.ADDRESS.get();
    return address == null ? "" : address.getHostAddress();
  }

  @Override
  public void readSecrets(SecretsRequest request, StreamObserver<SecretsResponse> answer) {
    HostId host = caller().host();
    long epoch = request.getH().getSessionEpoch();
    answerLater(
        answer,
        () -> {
          if (parts.links().find(host).filter(link -> link.epoch() == epoch).isEmpty()) {
            throw new RefusedException(
                ErrorCode.UNAVAILABLE,
                "session epoch " + epoch + " (expected: that of the host's open stream)");
          }
          if (request.getNamesCount() > MOST_SECRETS) {
            throw new RefusedException(
                ErrorCode.BAD_REQUEST,
                "names: %d (expected: at most %d)"
                    .formatted(request.getNamesCount(), MOST_SECRETS));
          }
          AgentId agent = new AgentId(WireIds.uuid(request.getAgentId(), "agentId"));
          SecretsResponse.Builder wire = SecretsResponse.newBuilder();
          parts
              .secrets()
              .deliver(host, agent, List.copyOf(request.getNamesList()))
              .forEach(delivery ->
                  wire.addSecrets(
                      io.easyagent.protocol.Secret.newBuilder()
                          .setName(delivery.name())
                          .setVersion(delivery.version())
                          .setValue(delivery.value().text())));
          return wire.build();
        });
  }

  private static HostCertificate caller() {
    HostCertificate certificate = Caller.CERTIFICATE.get();
    if (certificate == null) {
      throw new IllegalStateException("a call passed without authentication");
    }
    return certificate;
  }

  /** Refuses on the event loop when there is no place, so that a storm costs next to nothing. */
  private <T> void answerAdmitted(
      Admission admission, int places, StreamObserver<T> answer, Supplier<T> work) {
    Optional<Duration> later = admission.enter(places);
    if (later.isPresent()) {
      answer.onError(RpcStatus.comeBack(BUSY, later.get()));
      return;
    }
    answerLater(
        answer,
        () -> {
          try {
            return work.get();
          } finally {
            admission.leave(places);
          }
        });
  }

  private <T> void answerLater(StreamObserver<T> answer, Supplier<T> work) {
    waiting.execute(() -> {
      T result;
      try {
        result = work.get();
      } catch (RuntimeException failure) {
        answer.onError(RpcStatus.of(failure));
        return;
      }
      answer.onNext(result);
      answer.onCompleted();
    });
  }
}
