package io.easyagent.server;

import io.easyagent.api.Version;
import io.easyagent.server.access.AdminTokenFile;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.Authorities;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.RateLimit;
import io.easyagent.server.access.Role;
import io.easyagent.server.access.StoredEnrollTokens;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.access.store.SqlCertificates;
import io.easyagent.server.access.store.SqlEnrollTokens;
import io.easyagent.server.access.store.SqlOperatorTokens;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.StoredAgents;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.artifact.PackageRepository;
import io.easyagent.server.artifact.PackageUse;
import io.easyagent.server.artifact.store.SqlPackages;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostCopy;
import io.easyagent.server.fleet.HostDecisions;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.SessionStore.Life;
import io.easyagent.server.fleet.SessionStore.NewSession;
import io.easyagent.server.fleet.StoredHosts;
import io.easyagent.server.fleet.store.SqlCopies;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.fleet.store.SqlSessions;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.log.LogHost;
import io.easyagent.server.log.LogStreams;
import io.easyagent.server.onboarding.SidecarArchives;
import io.easyagent.server.operation.KeptFor;
import io.easyagent.server.operation.OperationChanges;
import io.easyagent.server.operation.OperationProgress;
import io.easyagent.server.operation.StoredOperations;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.secret.SecretKeys;
import io.easyagent.server.secret.SecretVault;
import io.easyagent.server.secret.store.SqlSecrets;
import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.Database;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.telemetry.NewEvent;
import io.easyagent.server.telemetry.api.ServerMeters;
import io.easyagent.server.telemetry.store.SqlEvents;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.ConnectionLimits;
import io.easyagent.server.transport.OperatorPort;
import io.easyagent.server.transport.Route;
import io.easyagent.server.transport.Watchers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The operators' port with everything behind it for real, but for the operations. */
final class RestServer implements AutoCloseable {
  static final long MOST_PACKAGE_BYTES = 4 << 20;
  static final int WATCHES = 20;
  static final int LOG_STREAMS = 6;
  static final int BATCH_HOSTS = 40;
  static final int LARGE = 16 << 20;

  final DataFolder folder;
  final Database database;
  final FakeOperations operations;
  final StoredOperations stored;
  final StoredHosts hosts;
  final StoredAgents agents;
  final History history;
  final LatestMetrics metrics = new LatestMetrics();
  final List<Route> routes;
  final SecretVault secrets;
  final String adminToken;
  final SSLContext clientTls;

  /** Nanoseconds that failed authentications were forgiven for already. */
  final AtomicLong skipped = new AtomicLong();

  final AtomicReference<List<String>> obstacles = new AtomicReference<>(List.of());
  final AtomicReference<List<String>> warnings = new AtomicReference<>(List.of());

  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final IdMint ids = new IdMint(clock, random);
  private final SqlHosts sqlHosts = new SqlHosts();
  private final SqlAgents sqlAgents = new SqlAgents();
  private final OperatorTokens tokens;
  private final Watchers watchers = new Watchers(WATCHES);

  /** The sessions that logs can be asked of. */
  final Map<HostId, LogHost> sessions = new ConcurrentHashMap<>();

  final LogStreams logs =
      new LogStreams(LOG_STREAMS, host -> Optional.ofNullable(sessions.get(host)));
  private final ServerMeters meters;
  private final OperatorPort port;

  RestServer(Path root) throws Exception {
    this(root, root.resolve("packages"));
  }

  RestServer(Path root, Path packageFolder) throws Exception {
    this(root, packageFolder, false);
  }

  /** With real operations that no host ever takes. */
  static RestServer withStoredOperations(Path root) throws Exception {
    return new RestServer(root, root.resolve("packages"), true, ConnectionLimits.USUAL);
  }

  static RestServer withLimits(Path root, ConnectionLimits limits) throws Exception {
    return new RestServer(root, root.resolve("packages"), false, limits);
  }

  private RestServer(Path root, Path packageFolder, boolean storedOperations) throws Exception {
    this(root, packageFolder, storedOperations, ConnectionLimits.USUAL);
  }

  private RestServer(
      Path root, Path packageFolder, boolean storedOperations, ConnectionLimits limits)
      throws Exception {
    folder = DataFolder.open(root);
    database = Database.open(folder.database());
    Audit audit = new Audit(new SqlAudit(), database, database.writer(), clock);
    tokens =
        new OperatorTokens(
            new SqlOperatorTokens(), database, database.writer(), audit, ids, clock, random);
    AdminTokenFile.provide(folder.adminToken(), tokens, ids);
    adminToken = Files.readString(folder.adminToken()).strip();
    Authorities authorities =
        Authorities.open(folder.certificates(), Optional.empty(), List.of(), clock, random);
    clientTls = trusting(authorities.trusted().getFirst());
    hosts = new StoredHosts(sqlHosts, database, database.writer(), List.of(), tokens);
    agents = new StoredAgents(sqlAgents, sqlHosts, database);
    operations =
        new FakeOperations(ids, clock, id -> hosts.find(id).map(Host::name).orElse("gone"));
    OperationChanges changes = new OperationChanges();
    SqlOperations sqlOperations = new SqlOperations();
    stored =
        new StoredOperations(
            sqlOperations,
            new OperationProgress(sqlOperations, sqlAgents, changes, _ -> {}, clock),
            changes,
            sqlHosts,
            sqlAgents,
            database,
            database.writer(),
            ids,
            _ -> {},
            clock);
    history = new History(new SqlEvents(), database);
    PackageRepository packages =
        new PackageRepository(
            new SqlPackages(),
            packageFolder,
            MOST_PACKAGE_BYTES,
            List.of(
                new PackageUse("agents", sqlAgents::countUsing),
                new PackageUse("unfinished upgrades of sidecars", sqlOperations::countUpgradingTo)),
            database,
            database.writer(),
            audit,
            clock);
    secrets =
        new SecretVault(
            new SqlSecrets(),
            sqlAgents,
            SecretKeys.open(folder.secretKey(), random),
            database,
            database.writer(),
            audit,
            random,
            clock);
    meters =
        new ServerMeters(hosts, operations, () -> 0, Map.of("outputs", () -> 7L), System::nanoTime);
    routes =
        OperatorApi.routes(
            new OperatorApi.Parts(
                hosts,
                new HostDecisions(
                    sqlHosts, new SqlCopies(), (transaction, host) -> {}, database.writer(), clock),
                agents,
                storedOperations ? stored : operations,
                new KeptFor(RetentionRules.USUAL.operations(), clock),
                new ServerLimits(1_000, BATCH_HOSTS, WATCHES, LOG_STREAMS),
                packages,
                new StoredEnrollTokens(
                    new SqlEnrollTokens(), database, database.writer(), ids, random, clock),
                tokens,
                secrets,
                audit,
                history,
                metrics,
                meters,
                watchers,
                logs,
                obstacles::get,
                warnings::get,
                () -> new Version("2.0.0", authorities.fleet().toString(), "ab", "2"),
                authorities,
                new HostCertificates(new SqlCertificates(), database, database.writer(), clock),
                "localhost:8890",
                () -> "https://fleet.example.com:8889",
                archives(root)));
    port =
        OperatorPort.open(
            "127.0.0.1",
            0,
            authorities.server(),
            tokens,
            new RateLimit(10, 1 / 6.0, () -> System.nanoTime() + skipped.get()),
            meters,
            limits,
            System::nanoTime,
            Stream.concat(routes.stream(), Stream.of(large())).toList());
  }

  /** An answer that a slow reader is still reading long after it was made. */
  private static Route large() {
    return Route.api(
        Route.Method.GET,
        "/large",
        Role.VIEWER,
        _ -> new Answer.Text(200, "text/plain", "x".repeat(LARGE)));
  }

  /** As a server that is asked to end. */
  void stop(Duration patience) {
    port.close(patience);
  }

  private static SidecarArchives archives(Path root) throws IOException {
    Path sidecar = Files.createDirectories(root.resolveSibling(root.getFileName() + "-sidecar"));
    Files.writeString(sidecar.resolve("install.sh"), "#!/bin/sh\n");
    for (String platform : SidecarArchives.PLATFORMS) {
      Files.writeString(
          sidecar.resolve("easyagent-sidecar-2.0.0-" + platform + ".tar.gz"), platform);
    }
    return SidecarArchives.in(Optional.of(sidecar));
  }

  private static SSLContext trusting(X509Certificate authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, new char[0]);
    trusted.setCertificateEntry("ca", authority);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  URI uri(String path) {
    return URI.create("https://127.0.0.1:" + port.port() + path);
  }

  String token(String name, Role role, boolean exec) {
    return token(new OperatorTokens.Wanted(name, role, exec, Duration.ofHours(1)));
  }

  String token(OperatorTokens.Wanted wanted) {
    return tokens.create(wanted, new AuditEntry.Origin("test", "local")).secret();
  }

  HostId host(String name, Map<String, String> labels) {
    HostId id = new HostId(ids.nextRandom());
    database
        .writer()
        .run(transaction ->
            sqlHosts.insert(transaction, id, name, "machine-" + id, labels, clock.instant()));
    return id;
  }

  /** It has had a session, in which it said what it understands. */
  HostId host(String name, Set<String> capabilities) {
    return host(name, capabilities, Map.of());
  }

  /** It has also said what it is. */
  HostId host(String name, Set<String> capabilities, Map<String, String> facts) {
    HostId id = host(name, Map.of());
    NewSession session =
        new NewSession(
            1,
            "aa",
            Optional.of(""),
            "generation",
            new Life("machine", "boot", "instance", name, "10.0.0.1"),
            "2.0.0",
            capabilities,
            facts);
    database
        .writer()
        .run(transaction -> new SqlSessions().open(transaction, id, 0, session, clock.instant()));
    return id;
  }

  /** Two machines, "one" and "other", claim to be it. */
  HostId conflictedHost(String name) {
    HostId id = host(name, Map.of());
    Instant now = clock.instant();
    SqlCopies copies = new SqlCopies();
    database
        .writer()
        .run(transaction -> {
          copies.seen(transaction, id, HostCopy.claiming("1", "m", "b", "one", "10.0.0.1", now));
          copies.seen(transaction, id, HostCopy.claiming("2", "m", "b", "other", "10.0.0.1", now));
          new SqlSessions().conflicted(transaction, id, List.of("two"), now);
        });
    return id;
  }

  AgentId agent(HostId host, String definition, Optional<StoredDefinition.Archive> archive) {
    AgentId id = new AgentId(ids.nextRandom());
    StoredDefinition stored =
        new StoredDefinition(DefinitionTexts.requireValid(definition), archive);
    database
        .writer()
        .run(transaction ->
            sqlAgents.insert(transaction, id, host, stored.text(), 1, DesiredState.RUNNING));
    return id;
  }

  void event(HostId host, String kind) {
    Instant now = clock.instant();
    database
        .writer()
        .run(transaction ->
            history.append(
                transaction,
                new NewEvent(now, now, Optional.of(host), Optional.empty(), kind, "it happened")));
  }

  @Override
  public void close() {
    watchers.close();
    port.close();
    meters.close();
    database.close();
    folder.close();
  }
}
