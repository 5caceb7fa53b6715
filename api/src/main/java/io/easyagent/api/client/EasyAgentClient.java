package io.easyagent.api.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.easyagent.api.Agent;
import io.easyagent.api.ApplyRequest;
import io.easyagent.api.ApplyResult;
import io.easyagent.api.AuditEntry;
import io.easyagent.api.AuditHead;
import io.easyagent.api.AuditVerification;
import io.easyagent.api.Authorities;
import io.easyagent.api.Batch;
import io.easyagent.api.BatchPreview;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Event;
import io.easyagent.api.Host;
import io.easyagent.api.HostResolution;
import io.easyagent.api.Json;
import io.easyagent.api.LabelChange;
import io.easyagent.api.LogPart;
import io.easyagent.api.LogStop;
import io.easyagent.api.Operation;
import io.easyagent.api.PackageVersion;
import io.easyagent.api.Page;
import io.easyagent.api.Secret;
import io.easyagent.api.Token;
import io.easyagent.api.TokenRequest;
import io.easyagent.api.Version;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The REST API, typed. Every method blocks until the answer is there and throws a {@link
 * ClientException} when there is none or a refusal. What may be repeated is tried again when the
 * connection breaks or the server is busy, a submission always with the same idempotency key, so
 * that it is accepted once. Hosts, batches and operations are named by id or unambiguous prefix,
 * hosts by name too. Safe for use by several threads.
 */
public final class EasyAgentClient implements AutoCloseable {
  private static final Duration UPLOAD_PATIENCE = Duration.ofHours(1);

  private final Transport transport;

  public EasyAgentClient(ServerConnection connection) {
    this(connection, SystemTime.pause());
  }

  /**
   * @param pause between tries
   */
  public EasyAgentClient(ServerConnection connection, Pause pause) {
    this.transport = new Transport(connection, pause);
  }

  /** The CA of the server, once it has answered: what a fingerprint stood for. */
  public Optional<ServerTrust.Authority> trustedAuthority() {
    return transport.trustedAuthority();
  }

  public Paged<Host> hosts(HostQuery query) {
    return paged(
        Host.class,
        "hosts",
        target -> target.query("selector", query.selector()).query("name", query.name()));
  }

  public Host host(String host) {
    return get(Target.api("hosts", host), Host.class);
  }

  public Host changeLabels(String host, LabelChange change) {
    return send(
        Request.json("PATCH", Target.api("hosts", host, "labels").toString(), json(change), true),
        Host.class);
  }

  /** Decides which copy keeps the identity of a conflicted host. */
  public Host resolveHost(String host, HostResolution resolution) {
    return send(
        Request.json(
            "POST", Target.api("hosts", host, "resolve").toString(), json(resolution), false),
        Host.class);
  }

  /** A pending host is one of the fleet. */
  public Host approveHost(String host) {
    return send(
        Request.json("POST", Target.api("hosts", host, "approve").toString(), "{}", false),
        Host.class);
  }

  /**
   * Revokes the host's certificate; its queued operations end cancelled, its sent and running ones
   * interrupted.
   */
  public void removeHost(String host) {
    transport.send(Request.delete(Target.api("hosts", host).toString()));
  }

  public Paged<Agent> agents(AgentQuery query) {
    return paged(
        Agent.class,
        "agents",
        target ->
            target
                .query("selector", query.selector())
                .query("host", query.host())
                .query("name", query.name()));
  }

  public Agent agent(UUID agent) {
    return get(Target.api("agents", agent.toString()), Agent.class);
  }

  /**
   * Reads what an agent prints. Fails when it does not begin, for one because the host is offline;
   * once begun, it goes on after a broken connection where it was, and ends only when the agent's
   * output does or, with {@code follow}, not before the agent is uninstalled. At most four parts
   * are held for one who does not poll; then the host stops reading.
   *
   * @param follow with what the agent prints later
   */
  public Watch<LogUpdate> logs(UUID agent, LogQuery query, boolean follow) {
    return Watch.startLarge(
        transport,
        Target.api("agents", agent.toString(), "logs")
            .query("since", query.since())
            .query("tail", query.tail())
            .query("follow", Optional.of(follow))
            .toString(),
        event ->
            switch (event.name()) {
              case "log" -> Optional.of(new LogUpdate.Part(decode(event.data(), LogPart.class)));
              case "stopped" ->
                  Optional.of(new LogUpdate.Stopped(decode(event.data(), LogStop.class).reason()));
              default -> Optional.empty();
            });
  }

  /** Accepts operations for the hosts that match. */
  public Batch submit(BatchRequest request) {
    return submit(request, IdempotencyKey.random());
  }

  /** As {@link #submit(BatchRequest)}; with a key that was used before, the batch of then. */
  public Batch submit(BatchRequest request, IdempotencyKey key) {
    return send(
        Request.keyedPost(Target.api("batches").toString(), json(dry(request, false)), key),
        Batch.class);
  }

  /** Says which hosts match; accepts nothing. */
  public BatchPreview preview(BatchRequest request) {
    return send(
        Request.json("POST", Target.api("batches").toString(), json(dry(request, true)), true),
        BatchPreview.class);
  }

  private static BatchRequest dry(BatchRequest request, boolean dry) {
    return new BatchRequest(
        request.command(),
        request.targets(),
        request.timeout(),
        dry ? Optional.of(true) : Optional.empty());
  }

  public Paged<Batch> batches() {
    return paged(Batch.class, "batches", target -> target);
  }

  public Batch batch(String batch) {
    return get(Target.api("batches", batch), Batch.class);
  }

  public Paged<Operation> operationsOf(String batch, Optional<Operation.State> state) {
    return new Paged<>((limit, cursor) ->
        page(
            Target.api("batches", batch, "operations").query("state", state),
            Operation.class,
            limit,
            cursor));
  }

  public Batch cancelBatch(String batch) {
    return send(
        Request.repeatablePost(Target.api("batches", batch, "cancel").toString()), Batch.class);
  }

  /** Follows a batch until it has finished. */
  public Watch<BatchUpdate> watchBatch(String batch) {
    return Watch.start(
        transport,
        Target.api("batches", batch, "watch").toString(),
        Optional.empty(),
        event ->
            switch (event.name()) {
              case "batch" ->
                  Optional.of(new BatchUpdate.Progress(decode(event.data(), Batch.class)));
              case "operation" ->
                  Optional.of(new BatchUpdate.Finished(decode(event.data(), Operation.class)));
              default -> Optional.empty();
            });
  }

  public Paged<Operation> operations(OperationQuery query) {
    return paged(
        Operation.class,
        "operations",
        target ->
            target
                .query("state", query.state())
                .query("host", query.host())
                .query("agent", query.agent()));
  }

  /** With its output. */
  public Operation operation(String operation) {
    return get(Target.api("operations", operation), Operation.class);
  }

  public Operation cancelOperation(String operation) {
    return send(
        Request.repeatablePost(Target.api("operations", operation, "cancel").toString()),
        Operation.class);
  }

  public ApplyResult apply(ApplyRequest request) {
    return apply(request, IdempotencyKey.random());
  }

  public ApplyResult apply(ApplyRequest request, IdempotencyKey key) {
    return send(
        Request.keyedPost(Target.api("apply").toString(), json(request), key), ApplyResult.class);
  }

  /**
   * Stores a package. The same bytes again change nothing; other bytes for a version that exists
   * are refused.
   *
   * @throws UncheckedIOException when the archive cannot be read
   */
  public PackageVersion pushPackage(String name, String version, Path archive) {
    return pushPackage(name, version, archive, Optional.empty());
  }

  /**
   * @param signature Ed25519, of name, version and checksum, for hosts that demand one
   */
  public PackageVersion pushPackage(
      String name, String version, Path archive, Optional<byte[]> signature) {
    String digest;
    try {
      digest = Base64.getEncoder().encodeToString(Sha256.of(archive));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/octet-stream");
    headers.put("Content-Digest", "sha-256=:" + digest + ":");
    signature.ifPresent(
        bytes -> headers.put("Package-Signature", Base64.getEncoder().encodeToString(bytes)));
    return send(
        new Request(
            "PUT",
            Target.api("packages", name, version).toString(),
            headers,
            () -> fileBody(archive),
            true,
            UPLOAD_PATIENCE),
        PackageVersion.class);
  }

  private static BodyPublisher fileBody(Path archive) {
    try {
      return BodyPublishers.ofFile(archive);
    } catch (FileNotFoundException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  public Paged<PackageVersion> packages(Optional<String> name) {
    return paged(PackageVersion.class, "packages", target -> target.query("name", name));
  }

  public void removePackage(String name, String version) {
    transport.send(Request.delete(Target.api("packages", name, version).toString()));
  }

  public EnrollToken createEnrollToken(EnrollTokenRequest request) {
    return send(
        Request.json("POST", Target.api("enroll-tokens").toString(), json(request), false),
        EnrollToken.class);
  }

  /**
   * Writes the sidecar's archive for a platform to a file; what it should be is in {@link
   * EnrollToken#installation}.
   *
   * @param platform for example {@code linux-x86_64}
   * @throws IOException when the file cannot be written
   */
  public void fetchSidecar(String platform, Path file) throws IOException {
    transport.download(
        Request.download(Target.of("install", platform + ".tar.gz").toString()), file);
  }

  public Paged<EnrollToken> enrollTokens() {
    return paged(EnrollToken.class, "enroll-tokens", target -> target);
  }

  public void revokeEnrollToken(UUID token) {
    transport.send(Request.delete(Target.api("enroll-tokens", token.toString()).toString()));
  }

  public Token createToken(TokenRequest request) {
    return send(
        Request.json("POST", Target.api("tokens").toString(), json(request), false), Token.class);
  }

  public Paged<Token> tokens() {
    return paged(Token.class, "tokens", target -> target);
  }

  public void revokeToken(UUID token) {
    transport.send(Request.delete(Target.api("tokens", token.toString()).toString()));
  }

  /** The token that this client uses, without its secret. */
  public Token whoami() {
    return get(Target.api("whoami"), Token.class);
  }

  /**
   * Stores a value; the one before is gone.
   *
   * @param value 1 byte to 64 KiB of UTF-8
   * @param agents that may use it; empty: as before
   */
  public Secret setSecret(String name, byte[] value, Optional<List<String>> agents) {
    return setSecret(
        Target.api("secrets", name).query("agents", agents.map(names -> String.join(",", names))),
        value);
  }

  /** As {@link #setSecret}, for every agent. */
  public Secret setSecretForAll(String name, byte[] value) {
    return setSecret(Target.api("secrets", name).query("allAgents", Optional.of(true)), value);
  }

  private Secret setSecret(Target target, byte[] value) {
    return send(
        new Request(
            "PUT",
            target.toString(),
            Map.of("Content-Type", "application/octet-stream"),
            () -> BodyPublishers.ofByteArray(value),
            false,
            Request.PATIENCE),
        Secret.class);
  }

  /** Without their values. */
  public Paged<Secret> secrets() {
    return paged(Secret.class, "secrets", target -> target);
  }

  public void removeSecret(String name) {
    transport.send(Request.delete(Target.api("secrets", name).toString()));
  }

  public Paged<Event> events(EventQuery query) {
    return new Paged<>(
        (limit, cursor) -> page(eventTarget(query, "events"), Event.class, limit, cursor));
  }

  /** Follows events, from the one after {@code query.after()} or from now on. */
  public Watch<Event> watchEvents(EventQuery query) {
    return Watch.start(
        transport,
        eventTarget(query, "events", "watch").toString(),
        query.after().map(String::valueOf),
        event -> Optional.of(decode(event.data(), Event.class)));
  }

  private static Target eventTarget(EventQuery query, String... segments) {
    return Target.api(segments)
        .query("host", query.host())
        .query("agent", query.agent())
        .query("kind", query.kind())
        .query("after", query.after());
  }

  public Paged<AuditEntry> audit() {
    return paged(AuditEntry.class, "audit", target -> target);
  }

  /** Where the audit log ends now. */
  public AuditHead auditHead() {
    return get(Target.api("audit", "head"), AuditHead.class);
  }

  /**
   * Has the audit log's chain computed again.
   *
   * @param kept a head of before that it must lead through
   */
  public AuditVerification verifyAudit(Optional<AuditHead> kept) {
    return get(
        Target.api("audit", "verify")
            .query("sequence", kept.map(AuditHead::sequence))
            .query("hash", kept.map(AuditHead::hash)),
        AuditVerification.class);
  }

  /** Who issues the fleet's certificates. */
  public Authorities authorities() {
    return get(Target.api("authorities"), Authorities.class);
  }

  /** Makes a new authority; the one before is being retired. */
  public Authorities rotateAuthority() {
    return send(
        Request.json("POST", Target.api("authorities").toString(), "{}", false), Authorities.class);
  }

  /**
   * Ends the trust in the authority that is being retired.
   *
   * @param force also when hosts are left behind
   */
  public Authorities retireAuthority(String fingerprint, boolean force) {
    return send(
        Request.delete(
            Target.api("authorities", fingerprint)
                .query("force", force ? Optional.of("true") : Optional.empty())
                .toString()),
        Authorities.class);
  }

  public Version version() {
    return get(Target.api("version"), Version.class);
  }

  private <T> Paged<T> paged(Class<T> type, String segment, UnaryOperator<Target> query) {
    return new Paged<>(
        (limit, cursor) -> page(query.apply(Target.api(segment)), type, limit, cursor));
  }

  private <T> Page<T> page(Target target, Class<T> type, int limit, Optional<String> cursor) {
    target.query("limit", Optional.of(limit)).query("cursor", cursor);
    byte[] body = transport.send(Request.get(target.toString()));
    return Transport.decode(
        body, TypeFactory.defaultInstance().constructParametricType(Page.class, type));
  }

  private <T> T get(Target target, Class<T> type) {
    return send(Request.get(target.toString()), type);
  }

  private <T> T send(Request request, Class<T> type) {
    return Transport.decode(transport.send(request), type(type));
  }

  private static <T> T decode(String data, Class<T> type) {
    return Transport.decode(data.getBytes(StandardCharsets.UTF_8), type(type));
  }

  private static JavaType type(Class<?> type) {
    return TypeFactory.defaultInstance().constructType(type);
  }

  private static String json(Object value) {
    try {
      return Json.STRICT.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a record of the API is always JSON", impossible);
    }
  }

  /** Ends watches and what is under way. */
  @Override
  public void close() {
    transport.close();
  }
}
