package io.easyagent.sidecar.session;

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
import io.easyagent.protocol.LogPart;
import io.easyagent.protocol.LogResponse;
import io.easyagent.protocol.NumberedEvent;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.protocol.RegisterResponse;
import io.easyagent.protocol.RejectedEvent;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.protocol.RenewCertificateResponse;
import io.easyagent.sidecar.identity.TestAuthority;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A scripted server behind real TLS. What it is told is public; what it answers can be set. */
public final class FakeServer extends EasyAgentServiceImplBase implements AutoCloseable {
  static final String FLEET = "f1";
  static final ByteString GENERATION = ByteString.copyFrom(new byte[] {1, 2});

  final TestAuthority authority;
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<String> toldDeadlines = new CopyOnWriteArrayList<>();
  final List<RegisterRequest> registrations = new CopyOnWriteArrayList<>();
  public final List<Inventory> inventories = new CopyOnWriteArrayList<>();
  final List<EventBatch> batches = new CopyOnWriteArrayList<>();
  public final List<Event> plainEvents = new CopyOnWriteArrayList<>();
  public final List<EnrollRequest> enrolments = new CopyOnWriteArrayList<>();
  final List<RenewCertificateRequest> renewals = new CopyOnWriteArrayList<>();
  final List<ArtifactRequest> downloads = new CopyOnWriteArrayList<>();
  public final SortedMap<Long, Event> committed = new ConcurrentSkipListMap<>();
  public final AtomicLong epoch = new AtomicLong();
  final AtomicReference<Optional<StreamObserver<ControlResponse>>> control =
      new AtomicReference<>(Optional.empty());

  /** Given once, then nothing is held. */
  public volatile InventoryResponse inventoryAnswer = InventoryResponse.getDefaultInstance();

  volatile Optional<Status> registerRefusal = Optional.empty();
  volatile Metadata registerTrailers = new Metadata();
  volatile Optional<Status> enrolRefusal = Optional.empty();
  volatile Metadata enrolTrailers = new Metadata();
  volatile Optional<StatusRuntimeException> renewRefusal = Optional.empty();
  volatile Optional<StatusRuntimeException> eventsRefusal = Optional.empty();

  /** Told in every session; the first one issues. */
  volatile List<TestAuthority> announced = List.of();

  volatile boolean loseNextAnswer;
  volatile long rejectNumber = -1;
  final List<LogPart> logParts = new CopyOnWriteArrayList<>();
  final AtomicInteger logCalls = new AtomicInteger();
  final AtomicInteger logEnds = new AtomicInteger();
  final AtomicInteger logCuts = new AtomicInteger();
  private Optional<ServerCallStreamObserver<LogResponse>> logCall = Optional.empty();
  private int logCredit;
  volatile byte[] artifact = new byte[0];
  volatile int cutAfter = Integer.MAX_VALUE;

  private final TestAuthority.Credentials credentials;
  private Server server;

  public FakeServer(TestAuthority authority, TestAuthority.Credentials credentials)
      throws Exception {
    this.authority = authority;
    this.credentials = credentials;
    this.server = start(0);
  }

  public FakeServer(TestAuthority authority) throws Exception {
    this(authority, authority.server(FLEET));
  }

  private Server start(int port) throws Exception {
    SslContext tls =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(credentials.key(), credentials.chain())
                    .trustManager(authority.certificate())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .protocols("TLSv1.3"),
                SslProvider.JDK)
            .build();
    return NettyServerBuilder.forAddress(new InetSocketAddress("localhost", port))
        .sslContext(tls)
        .addService(this)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .build()
        .start();
  }

  public ServerAddress address() {
    return new ServerAddress("localhost", server.getPort());
  }

  /** Drops every connection, and listens again on the same port. */
  void restart() throws Exception {
    int port = server.getPort();
    control.set(Optional.empty());
    server.shutdownNow().awaitTermination();
    server = start(port);
  }

  public void send(ControlResponse command) {
    StreamObserver<ControlResponse> stream = control.get().orElseThrow();
    stream.onNext(command);
  }

  public boolean isUp() {
    return control.get().isPresent();
  }

  @Override
  public void registerSidecar(RegisterRequest request, StreamObserver<RegisterResponse> answer) {
    calls.add("register");
    registrations.add(request);
    if (registerRefusal.isPresent()) {
      answer.onError(registerRefusal.get().asRuntimeException(registerTrailers));
      return;
    }
    long opened = epoch.incrementAndGet();
    answer.onNext(
        RegisterResponse.newBuilder()
            .setSessionEpoch(opened)
            .setNonce(ByteString.copyFromUtf8("nonce " + opened))
            .setGeneration(GENERATION)
            .setFleetId(FLEET)
            .setHostName("web-0002")
            .putLabels("role", "web")
            .addAllCertificateAuthorities(encoded(announced))
            .build());
    answer.onCompleted();
  }

  @Override
  public void reportInventory(Inventory request, StreamObserver<InventoryResponse> answer) {
    calls.add("inventory");
    inventories.add(request);
    InventoryResponse response = inventoryAnswer;
    inventoryAnswer = InventoryResponse.getDefaultInstance();
    answer.onNext(response);
    answer.onCompleted();
  }

  @Override
  public void readyForControl(ControlRequest request, StreamObserver<ControlResponse> commands) {
    calls.add("control");
    control.set(Optional.of(commands));
    ((ServerCallStreamObserver<ControlResponse>) commands)
        .setOnCancelHandler(() ->
            control.updateAndGet(
                open -> open.equals(Optional.of(commands)) ? Optional.empty() : open));
  }

  @Override
  public void reportEvent(Event request, StreamObserver<EmptyResponse> answer) {
    noteDeadline("event");
    plainEvents.add(request);
    answer.onNext(EmptyResponse.getDefaultInstance());
    answer.onCompleted();
  }

  private void noteDeadline(String call) {
    if (Context.current().getDeadline() != null) {
      toldDeadlines.add(call);
    }
  }

  @Override
  public void reportEvents(EventBatch request, StreamObserver<EventBatchResponse> answer) {
    calls.add("events");
    noteDeadline("events");
    batches.add(request);
    if (eventsRefusal.isPresent()) {
      answer.onError(eventsRefusal.get());
      return;
    }
    EventBatchResponse.Builder response = EventBatchResponse.newBuilder();
    for (NumberedEvent event : request.getEventsList()) {
      response.setCommittedNumber(event.getNumber());
      if (event.getNumber() == rejectNumber) {
        response.addRejected(
            RejectedEvent.newBuilder().setNumber(event.getNumber()).setReason("unknown agent"));
      } else {
        committed.put(event.getNumber(), event.getEvent());
      }
    }
    if (loseNextAnswer) {
      loseNextAnswer = false;
      answer.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
      return;
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  @Override
  public void enroll(EnrollRequest request, StreamObserver<EnrollResponse> answer) {
    enrolments.add(request);
    if (enrolRefusal.isPresent()) {
      answer.onError(enrolRefusal.get().asRuntimeException(enrolTrailers));
      return;
    }
    try {
      var asked =
          new JcaPKCS10CertificationRequest(
              new PKCS10CertificationRequest(request.getCertificateRequest().toByteArray()));
      answer.onNext(
          EnrollResponse.newBuilder()
              .setHostId(io.easyagent.sidecar.wire.Fields.bytes(new UUID(4, 2)))
              .setFleetId(FLEET)
              .addCertificateChain(
                  ByteString.copyFrom(
                      authority.hostChain(asked.getPublicKey()).getFirst().getEncoded()))
              .addCertificateAuthorities(ByteString.copyFrom(authority.certificate().getEncoded()))
              .build());
      answer.onCompleted();
    } catch (Exception failure) {
      answer.onError(Status.INTERNAL.withCause(failure).asRuntimeException());
    }
  }

  @Override
  public void renewCertificate(
      RenewCertificateRequest request, StreamObserver<RenewCertificateResponse> answer) {
    renewals.add(request);
    if (renewRefusal.isPresent()) {
      answer.onError(renewRefusal.get());
      return;
    }
    try {
      List<TestAuthority> authorities = announced.isEmpty() ? List.of(authority) : announced;
      var asked =
          new JcaPKCS10CertificationRequest(
              new PKCS10CertificationRequest(request.getCertificateRequest().toByteArray()));
      answer.onNext(
          RenewCertificateResponse.newBuilder()
              .addCertificateChain(
                  ByteString.copyFrom(
                      authorities
                          .getFirst()
                          .hostChain(asked.getPublicKey())
                          .getFirst()
                          .getEncoded()))
              .addAllCertificateAuthorities(encoded(authorities))
              .build());
      answer.onCompleted();
    } catch (Exception failure) {
      answer.onError(Status.INTERNAL.withCause(failure).asRuntimeException());
    }
  }

  private static List<ByteString> encoded(List<TestAuthority> authorities) {
    return authorities.stream()
        .map(each -> {
          try {
            return ByteString.copyFrom(each.certificate().getEncoded());
          } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
          }
        })
        .toList();
  }

  @Override
  public void downloadArtifact(ArtifactRequest request, StreamObserver<ArtifactChunk> chunks) {
    downloads.add(request);
    int position = (int) request.getOffset();
    int chunkSize = 1_000;
    while (position < artifact.length) {
      if (position - request.getOffset() >= cutAfter) {
        chunks.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
        return;
      }
      int size = Math.min(chunkSize, artifact.length - position);
      chunks.onNext(
          ArtifactChunk.newBuilder()
              .setOffset(position)
              .setData(ByteString.copyFrom(artifact, position, size))
              .setTotalSize(artifact.length)
              .build());
      position += size;
    }
    chunks.onCompleted();
  }

  /** So many parts of the next stream, or of the one that is open, may come. */
  synchronized void letSend(int parts) {
    logCredit += parts;
    logCall.ifPresent(call -> call.request(parts));
  }

  private synchronized void begun(ServerCallStreamObserver<LogResponse> call) {
    logCalls.incrementAndGet();
    logCall = Optional.of(call);
    call.disableAutoRequest();
    call.request(logCredit);
  }

  @Override
  public StreamObserver<LogPart> streamLog(StreamObserver<LogResponse> answer) {
    begun((ServerCallStreamObserver<LogResponse>) answer);
    return new StreamObserver<>() {
      @Override
      public void onNext(LogPart part) {
        logParts.add(part);
      }

      @Override
      public void onError(Throwable cut) {
        logCuts.incrementAndGet();
      }

      @Override
      public void onCompleted() {
        logEnds.incrementAndGet();
        answer.onNext(LogResponse.getDefaultInstance());
        answer.onCompleted();
      }
    };
  }

  @Override
  public void close() throws Exception {
    server.shutdownNow().awaitTermination();
  }
}
