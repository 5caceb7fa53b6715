package io.easyagent.server.session.rpc;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ControlRequest;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.EnrollRequest;
import io.easyagent.protocol.EnrollResponse;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.EventBatchResponse;
import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.InventoryResponse;
import io.easyagent.protocol.KnownOperation;
import io.easyagent.protocol.LeaveRequest;
import io.easyagent.protocol.NumberedEvent;
import io.easyagent.protocol.OperationResult;
import io.easyagent.protocol.OperationStarted;
import io.easyagent.protocol.OutboxPosition;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.protocol.RegisterResponse;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.protocol.RenewCertificateResponse;
import io.easyagent.protocol.SidecarRequestHeader;
import io.easyagent.protocol.SoftwareVersion;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A host as the server sees it over the wire: it says what the test tells it to. */
final class FakeHost implements AutoCloseable {
  private static final long SECONDS = 10;

  private final int port;
  private final PrivateKey key;
  private final List<X509Certificate> chain;
  private final X509Certificate trusted;
  final ByteString id;
  private ManagedChannel channel;
  String machineId = "machine";
  String hostName = "";
  String version = "2.0.0";
  ByteString instance = ByteString.EMPTY;
  private final Set<String> capabilities = new TreeSet<>(Set.of("definition-1", "exec-vector-1"));
  private ByteString nonce = ByteString.EMPTY;
  private ByteString generation = ByteString.EMPTY;
  private ByteString incarnation = WireIds.bytes(UUID.randomUUID());
  private long number;
  long epoch;
  boolean ephemeral;

  private FakeHost(
      int port,
      PrivateKey key,
      List<X509Certificate> chain,
      X509Certificate trusted,
      ByteString id) {
    this.port = port;
    this.key = key;
    this.chain = chain;
    this.trusted = trusted;
    this.id = id;
    this.channel = connect();
  }

  static KeyPair newKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  static ByteString request(KeyPair keys) throws Exception {
    return ByteString.copyFrom(
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=ignored"), keys.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded());
  }

  /** Fails with the server's status. */
  static FakeHost enrol(int port, String token, String name) throws Exception {
    return enrol(port, token, name, newKeys(), ByteString.EMPTY, ByteString.EMPTY);
  }

  /** As a machine that has this key already. */
  static FakeHost enrol(int port, String token, String name, KeyPair keys) throws Exception {
    return enrol(port, token, name, keys, ByteString.EMPTY, ByteString.EMPTY);
  }

  /** The same machine with a new key; it shows who it was. */
  FakeHost enrolAgain(String token, KeyPair provingKeys) throws Exception {
    KeyPair next = newKeys();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(provingKeys.getPrivate());
    signature.update("easyagent replace\n".getBytes(StandardCharsets.US_ASCII));
    ByteString request = request(next);
    signature.update(request.toByteArray());
    FakeHost again =
        enrol(
            port,
            token,
            "again",
            next,
            request,
            ByteString.copyFrom(chain.getFirst().getEncoded()),
            ByteString.copyFrom(signature.sign()));
    again.nonce = nonce;
    again.generation = generation;
    again.incarnation = incarnation;
    again.number = number;
    return again;
  }

  KeyPair keys() {
    return new KeyPair(chain.getFirst().getPublicKey(), key);
  }

  private static FakeHost enrol(
      int port, String token, String name, KeyPair keys, ByteString replaced, ByteString proof)
      throws Exception {
    return enrol(port, token, name, keys, request(keys), replaced, proof);
  }

  private static FakeHost enrol(
      int port,
      String token,
      String name,
      KeyPair keys,
      ByteString request,
      ByteString replaced,
      ByteString proof)
      throws Exception {
    ManagedChannel open = anonymous(port);
    try {
      EnrollResponse answer =
          EasyAgentServiceGrpc.newBlockingStub(open)
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .enroll(
                  EnrollRequest.newBuilder()
                      .setToken(token)
                      .setHostName(name)
                      .setMachineId("machine")
                      .setCertificateRequest(request)
                      .setReplacedCertificate(replaced)
                      .setReplacementProof(proof)
                      .build());
      List<X509Certificate> chain = certificates(answer.getCertificateChainList());
      FakeHost host =
          new FakeHost(port, keys.getPrivate(), chain, chain.getLast(), answer.getHostId());
      host.ephemeral = answer.getEphemeral();
      return host;
    } finally {
      open.shutdownNow();
    }
  }

  private static List<X509Certificate> certificates(List<ByteString> encoded) throws Exception {
    List<X509Certificate> certificates = new ArrayList<>();
    for (ByteString der : encoded) {
      certificates.add(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der.toByteArray())));
    }
    return certificates;
  }

  /** The same host with other credentials. */
  FakeHost with(PrivateKey other, List<X509Certificate> otherChain) {
    return new FakeHost(port, other, otherChain, trusted, id);
  }

  /** The same host, which knows the server by another authority. */
  FakeHost trusting(X509Certificate authority) {
    FakeHost same = new FakeHost(port, key, chain, authority, id);
    same.take(this);
    return same;
  }

  /** The host with a renewed certificate. The request names somebody else. */
  FakeHost renew() throws Exception {
    KeyPair next = newKeys();
    RenewCertificateResponse answer = renew(request(next));
    return with(next.getPrivate(), certificates(answer.getCertificateChainList()));
  }

  void renewUnchecked() {
    try {
      renew(request(newKeys()));
    } catch (StatusRuntimeException refusal) {
      throw refusal;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private RenewCertificateResponse renew(ByteString request) {
    return stub()
        .renewCertificate(
            RenewCertificateRequest.newBuilder()
                .setH(header())
                .setCertificateRequest(request)
                .build());
  }

  PrivateKey key() {
    return key;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  /** Goes on where the other one was. */
  void take(FakeHost other) {
    nonce = other.nonce;
    generation = other.generation;
    incarnation = other.incarnation;
    number = other.number;
    machineId = other.machineId;
  }

  static ManagedChannel anonymous(int port) throws Exception {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .sslContext(
            GrpcSslContexts.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .protocols("TLSv1.3")
                .build())
        .build();
  }

  /** A connection of the same host beside its own; the caller closes it. */
  ManagedChannel another() {
    return connect();
  }

  private ManagedChannel connect() {
    try {
      SslContextBuilder tls =
          GrpcSslContexts.forClient()
              .trustManager(trusted)
              .keyManager(key, chain)
              .protocols("TLSv1.3");
      return NettyChannelBuilder.forAddress("127.0.0.1", port)
          .overrideAuthority("localhost")
          .sslContext(tls.build())
          .build();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** It understands more than every sidecar does. */
  FakeHost understands(String capability) {
    capabilities.add(capability);
    return this;
  }

  UUID uuid() {
    return WireIds.uuid(id, "id");
  }

  EasyAgentServiceGrpc.EasyAgentServiceBlockingStub stub() {
    return EasyAgentServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  EasyAgentServiceGrpc.EasyAgentServiceStub calls() {
    return EasyAgentServiceGrpc.newStub(channel);
  }

  SidecarRequestHeader header() {
    return SidecarRequestHeader.newBuilder().setId(id).setSessionEpoch(epoch).build();
  }

  /** Another life of the sidecar on the same machine, with what the disk had at this moment. */
  FakeHost anotherLife() {
    FakeHost copy = copy(machineId);
    copy.hostName = hostName;
    copy.instance = WireIds.bytes(UUID.randomUUID());
    return copy;
  }

  /** Another machine with everything that this one has. */
  FakeHost copy(String otherMachine) {
    FakeHost copy = with(key, chain);
    copy.take(this);
    copy.machineId = otherMachine;
    return copy;
  }

  private RegisterRequest.Builder registration() {
    return RegisterRequest.newBuilder()
        .setH(header())
        .setOsPlatform("debian")
        .setMachineId(machineId)
        .setHost(hostName)
        .setBootId("boot")
        .setInstance(instance)
        .setVersion(
            SoftwareVersion.newBuilder().setVersion(version).addAllCapabilities(capabilities));
  }

  /** As a sidecar that cannot read its journal: it knows no nonce. */
  RegisterResponse reportCondition(String condition) {
    return stub().registerSidecar(registration().putFacts("condition", condition).build());
  }

  RegisterResponse register() {
    RegisterResponse answer = stub().registerSidecar(registration().setNonce(nonce).build());
    nonce = answer.getNonce();
    generation = answer.getGeneration();
    epoch = answer.getSessionEpoch();
    return answer;
  }

  InventoryResponse inventory(KnownOperation... operations) {
    return stub()
        .reportInventory(
            Inventory.newBuilder()
                .setH(header())
                .setOutbox(
                    OutboxPosition.newBuilder().setIncarnation(incarnation).setLastNumber(number))
                .addAllOperations(List.of(operations))
                .build());
  }

  /** Registers, reports its inventory and opens the stream. */
  Commands connect(KnownOperation... operations) {
    register();
    inventory(operations);
    return open();
  }

  Commands open() {
    Commands commands = new Commands();
    EasyAgentServiceGrpc.newStub(channel)
        .readyForControl(ControlRequest.newBuilder().setH(header()).build(), commands);
    return commands;
  }

  Event started(ControlResponse command) {
    return Event.newBuilder()
        .setOperationStarted(
            OperationStarted.newBuilder()
                .setOperationId(command.getOperationId())
                .setGeneration(generation))
        .build();
  }

  Event result(ControlResponse command, OperationResult.Outcome outcome, String message) {
    return Event.newBuilder()
        .setOperationResult(
            OperationResult.newBuilder()
                .setOperationId(command.getOperationId())
                .setGeneration(generation)
                .setOutcome(outcome)
                .setMessage(message))
        .build();
  }

  EventBatchResponse report(Event... events) {
    EventBatch.Builder batch = EventBatch.newBuilder().setH(header()).setIncarnation(incarnation);
    for (Event event : events) {
      batch.addEvents(NumberedEvent.newBuilder().setNumber(++number).setEvent(event));
    }
    return stub().reportEvents(batch.build());
  }

  /** The same numbers once more, as after a lost answer. */
  void rewind(int events) {
    number -= events;
  }

  static KnownOperation known(ControlResponse command) {
    return KnownOperation.newBuilder()
        .setOperationId(command.getOperationId())
        .setDigest(command.getDigest())
        .build();
  }

  void leave() {
    var unused = stub().leave(LeaveRequest.newBuilder().setH(header()).build());
  }

  /** Cuts the connection without a word. */
  void cut() {
    channel.shutdownNow();
    channel = connect();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** The commands of one stream. */
  static final class Commands implements StreamObserver<ControlResponse> {
    private final BlockingQueue<ControlResponse> arrived = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onNext(ControlResponse command) {
      arrived.add(command);
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }

    ControlResponse next() throws InterruptedException {
      ControlResponse command = arrived.poll(SECONDS, TimeUnit.SECONDS);
      if (command == null) {
        throw new AssertionError("no command within " + SECONDS + " s; end: " + end);
      }
      return command;
    }

    boolean isEmpty() {
      return arrived.isEmpty();
    }

    Status end(long seconds) throws Exception {
      return end.get(seconds, TimeUnit.SECONDS);
    }
  }
}
