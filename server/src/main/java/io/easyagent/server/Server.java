package io.easyagent.server;

import io.easyagent.api.Version;
import io.easyagent.server.access.AdminTokenFile;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.Authorities;
import io.easyagent.server.access.Enrolment;
import io.easyagent.server.access.FleetSize;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.access.HostTrust;
import io.easyagent.server.access.OldAuditEntries;
import io.easyagent.server.access.OperatorTokens;
import io.easyagent.server.access.RateLimit;
import io.easyagent.server.access.Readmission;
import io.easyagent.server.access.Renewals;
import io.easyagent.server.access.StoredEnrollTokens;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.access.store.SqlCertificates;
import io.easyagent.server.access.store.SqlEnrollTokens;
import io.easyagent.server.access.store.SqlOperatorTokens;
import io.easyagent.server.agent.StoredAgents;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.artifact.PackageRepository;
import io.easyagent.server.artifact.PackageUse;
import io.easyagent.server.artifact.store.SqlPackages;
import io.easyagent.server.backup.BackupAge;
import io.easyagent.server.fleet.HostDecisions;
import io.easyagent.server.fleet.StoredHosts;
import io.easyagent.server.fleet.store.SqlCopies;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.fleet.store.SqlSessions;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.local.LiveStatus;
import io.easyagent.server.local.StatusSocket;
import io.easyagent.server.log.LogHost;
import io.easyagent.server.log.LogStreams;
import io.easyagent.server.memory.OwnHeap;
import io.easyagent.server.memory.QuietCollection;
import io.easyagent.server.onboarding.SidecarArchives;
import io.easyagent.server.operation.Capability;
import io.easyagent.server.operation.Dispatcher;
import io.easyagent.server.operation.EndedBatches;
import io.easyagent.server.operation.HostLinks;
import io.easyagent.server.operation.HostWord;
import io.easyagent.server.operation.KeptFor;
import io.easyagent.server.operation.OldOutputs;
import io.easyagent.server.operation.OperationChanges;
import io.easyagent.server.operation.OperationProgress;
import io.easyagent.server.operation.StoredOperations;
import io.easyagent.server.operation.UnusedDocuments;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.operation.store.SqlRetention;
import io.easyagent.server.retention.Retention;
import io.easyagent.server.schedule.Schedule;
import io.easyagent.server.secret.SecretKeys;
import io.easyagent.server.secret.SecretVault;
import io.easyagent.server.secret.store.SqlSecrets;
import io.easyagent.server.session.EphemeralHosts;
import io.easyagent.server.session.Recall;
import io.easyagent.server.session.Reports;
import io.easyagent.server.session.Sessions;
import io.easyagent.server.session.rpc.Admissions;
import io.easyagent.server.session.rpc.HostAuthentication;
import io.easyagent.server.session.rpc.HostService;
import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Generation;
import io.easyagent.server.store.UpgradeBackups;
import io.easyagent.server.store.Writer;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.telemetry.OldEvents;
import io.easyagent.server.telemetry.api.ServerMeters;
import io.easyagent.server.telemetry.store.SqlEvents;
import io.easyagent.server.transport.ConnectionLimits;
import io.easyagent.server.transport.HostConnectionLimits;
import io.easyagent.server.transport.HostPort;
import io.easyagent.server.transport.OperatorPort;
import io.easyagent.server.transport.Watchers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: all of its parts, wired in the order in which they depend on each other, closed in
 * the reverse one. It listens on both ports when {@link #start} returns.
 */
public final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final int FAILURES_IN_A_ROW = 20;
  private static final double FAILURES_FORGIVEN_PER_SECOND = 0.2;
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
  private static final Duration WARN_FIRST = Duration.ofMinutes(1);
  private static final Duration WARN_EVERY = Duration.ofDays(1);
  private static final Duration COLLECT_EVERY = Duration.ofSeconds(15);
  private static final Duration KEEP_CURRENT_EVERY = Duration.ofHours(1);

  private final ServerConfig config;
  private final Deque<Runnable> closing;
  private final Condition condition;
  private final Instant startedAt;
  private final HostPort hostPort;
  private final OperatorPort operatorPort;
  private final Authorities authorities;

  /**
   * @param closing gets what closes each part, the latest first, also when a later one fails
   */
  private Server(
      ServerConfig config,
      UnaryOperator<Writer> writers,
      InstantSource clock,
      Deque<Runnable> closing) {
    this.config = config;
    this.closing = closing;
    SecureRandom random = new SecureRandom();
    IdMint ids = new IdMint(clock, random);

    SidecarArchives archives = SidecarArchives.in(config.sidecarArchives());

    // Store
    DataFolder folder = DataFolder.open(config.data());
    closing.push(folder::close);
    NativeLibraries.unpackBelow(folder.root());
    Database database =
        Database.open(
            folder.database(),
            new UpgradeBackups(folder.upgradeBackups(), config.upkeep().upgradeBackups(), clock));
    closing.push(database::close);
    Writer writer = writers.apply(database.writer());
    String generation = Generation.open(writer, random);
    startedAt = clock.instant();
    BackupAge backupAge =
        new BackupAge(
            folder.root(),
            Generation.begun(writer, startedAt),
            config.upkeep().backupWarningAfter(),
            clock);
    condition = new Condition(new Readiness(writer, folder, SystemTime.nanoTime()), backupAge);
    SqlHosts hostStore = new SqlHosts();
    SqlSessions sessionStore = new SqlSessions();
    SqlCopies copyStore = new SqlCopies();
    SqlAgents agentStore = new SqlAgents();
    SqlOperations operationStore = new SqlOperations();
    SqlEnrollTokens enrollTokenStore = new SqlEnrollTokens();

    // Trust
    authorities =
        Authorities.open(folder.certificates(), config.authority(), config.names(), clock, random);
    SqlCertificates certificateStore = new SqlCertificates();
    HostCertificates certificates = new HostCertificates(certificateStore, database, writer, clock);
    SqlAudit auditStore = new SqlAudit();
    Audit audit = new Audit(auditStore, database, writer, clock);
    OperatorTokens operatorTokens =
        new OperatorTokens(new SqlOperatorTokens(), database, writer, audit, ids, clock, random);
    StoredEnrollTokens enrollTokens =
        new StoredEnrollTokens(enrollTokenStore, database, writer, ids, random, clock);
    RateLimit failedLogins = newRateLimit();
    Enrolment enrolment =
        new Enrolment(
            authorities,
            certificates,
            enrollTokenStore,
            hostStore,
            writer,
            clock,
            newRateLimit(),
            new FleetSize(hostStore, config.upkeep().limits().hosts()));

    // Operations
    ScheduledExecutorService scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scheduler").factory());
    Schedule schedule = new Schedule(scheduler);
    OperationChanges changes = new OperationChanges();
    closing.push(changes::close);
    HostLinks links = new HostLinks();
    Dispatcher dispatcher =
        new Dispatcher(
            operationStore, sessionStore, links, database, writer, clock, config.hostGoneAfter());
    OperationProgress progress =
        new OperationProgress(operationStore, agentStore, changes, dispatcher, clock);
    writer.run(transaction -> progress.begin(transaction, generation));
    StoredOperations operations =
        new StoredOperations(
            operationStore,
            progress,
            changes,
            hostStore,
            agentStore,
            database,
            writer,
            ids,
            dispatcher,
            clock);
    StoredAgents agents = new StoredAgents(agentStore, hostStore, database);
    closing.push(dispatcher::close);

    // Sessions
    LatestMetrics metrics = new LatestMetrics();
    SqlEvents eventStore = new SqlEvents();
    History history = new History(eventStore, database);
    Sessions sessions =
        new Sessions(
            sessionStore,
            copyStore,
            writer,
            links,
            dispatcher,
            history,
            metrics,
            random,
            clock,
            generation);
    sessions.begin();
    writer.run(transaction -> RestorationNote.write(transaction, history, audit, clock));
    HostWord hostWord = new HostWord(operationStore, progress, agentStore, clock);
    Reports reports =
        new Reports(sessionStore, agentStore, hostWord, history, writer, clock, generation);
    StoredHosts hosts =
        new StoredHosts(
            hostStore, database, writer, List.of(progress, certificates, sessions), operatorTokens);
    HostDecisions decisions = new HostDecisions(hostStore, copyStore, certificates, writer, clock);
    EphemeralHosts ephemeral =
        new EphemeralHosts(
            hosts, hostStore, sessionStore, history, database, clock, config.ephemeralGoneAfter());
    SecretVault secrets =
        new SecretVault(
            new SqlSecrets(),
            agentStore,
            SecretKeys.open(folder.secretKey(), random),
            database,
            writer,
            audit,
            random,
            clock);
    PackageRepository packages =
        new PackageRepository(
            new SqlPackages(),
            folder.packages(),
            config.mostPackageBytes(),
            List.of(
                new PackageUse("agents", agentStore::countUsing),
                new PackageUse(
                    "unfinished upgrades of sidecars", operationStore::countUpgradingTo)),
            database,
            writer,
            audit,
            clock);

    LogStreams logs =
        new LogStreams(
            config.upkeep().limits().logStreams(),
            host -> links.find(host).map(LogHost.class::cast));

    RetentionRules kept = config.upkeep().retention();
    SqlRetention pastStore = new SqlRetention();
    Retention retention =
        new Retention(
            List.of(
                new EndedBatches(pastStore, kept.operations(), clock),
                new OldOutputs(pastStore, kept.outputs(), clock),
                new UnusedDocuments(pastStore),
                new OldEvents(eventStore, kept.events(), clock),
                new OldAuditEntries(audit, auditStore, kept.audit(), clock),
                certificates.old()),
            database,
            writer,
            SystemTime.nanoTime());
    closing.push(retention::close);
    retention.start();

    // Ports
    closing.push(scheduler::shutdownNow);
    dispatcher.start(progress, schedule);
    schedule.every(SWEEP_EVERY, "ephemeral hosts that are gone were not removed", ephemeral::sweep);
    String version = version();
    hostPort =
        HostPort.open(
            new InetSocketAddress(config.bind(), config.hostPort()),
            authorities.server(),
            new HostTrust(authorities::trusted),
            new HostAuthentication(certificates, scheduler),
            new HostService(
                new HostService.Parts(
                    enrolment,
                    new Readmission(certificates, hostStore, writer, clock),
                    ephemeral,
                    certificates,
                    new Renewals(authorities, certificates, certificateStore, writer, clock),
                    authorities,
                    sessions,
                    reports,
                    links,
                    dispatcher,
                    packages,
                    secrets,
                    logs,
                    metrics,
                    clock,
                    Admissions.usual(SystemTime.nanoTime()),
                    new HostService.Identity(
                        version,
                        Arrays.stream(Capability.values()).map(Capability::text).toList(),
                        authorities.fleet().toString(),
                        generation,
                        config.metricsInterval(),
                        config.upkeep().announced()))),
            HostConnectionLimits.USUAL,
            SystemTime.nanoTime());
    closing.push(hostPort::close);
    closing.push(() -> links.all().forEach(link -> link.reconnect("the server is stopping")));
    closing.push(hostPort::stopIntake);
    ServerMeters meters =
        new ServerMeters(
            hosts,
            operations,
            database::waitingWorks,
            retention.forgotten(),
            SystemTime.nanoTime());
    closing.push(meters::close);
    Gauge.builder("easyagent.backup.age", () -> backupAge.age().toSeconds())
        .description("Time since the last backup; without any, since the server began")
        .baseUnit("seconds")
        .register(meters.registry());
    FunctionCounter.builder("easyagent.connections.refused", hostPort, HostPort::refusedConnections)
        .description("Connections to the hosts' port that were closed for being too many")
        .register(meters.registry());
    Gauge.builder("easyagent.connections.strangers", hostPort, HostPort::strangers)
        .description("Connections to the hosts' port that have shown no host's certificate")
        .register(meters.registry());
    Watchers watchers = new Watchers(config.upkeep().limits().watches());
    operatorPort =
        OperatorPort.open(
            config.bind(),
            config.operatorPort(),
            authorities.server(),
            operatorTokens,
            failedLogins,
            meters,
            ConnectionLimits.USUAL,
            SystemTime.nanoTime(),
            OperatorApi.routes(
                new OperatorApi.Parts(
                    hosts,
                    decisions,
                    agents,
                    operations,
                    new KeptFor(kept.operations(), clock),
                    config.upkeep().limits(),
                    packages,
                    enrollTokens,
                    operatorTokens,
                    secrets,
                    audit,
                    history,
                    metrics,
                    meters,
                    watchers,
                    logs,
                    condition::obstacles,
                    condition::warnings,
                    () -> new Version(version, authorities.fleet().toString(), generation, "v2"),
                    authorities,
                    certificates,
                    address(config, hostPort.port()),
                    this::operatorUrl,
                    archives)));
    closing.push(() -> operatorPort.close(config.upkeep().drainTimeout()));
    closing.push(watchers::close);
    closing.push(logs::close);
    Recall recall = new Recall(links, scheduler);
    authorities.whenChanged(() -> {
      hostPort.present(authorities.server());
      operatorPort.present(authorities.server());
      recall.all("the fleet's certificate authorities have changed");
    });
    schedule.every(
        Duration.ZERO,
        KEEP_CURRENT_EVERY,
        "the server's certificate was not looked after",
        authorities::keepServerCurrent);
    closing.push(operatorPort::stopIntake);
    AdminTokenFile.provide(folder.adminToken(), operatorTokens, ids);
    StatusSocket status = openStatus(folder, version);
    closing.push(status::close);
    schedule.every(WARN_FIRST, WARN_EVERY, "warnings were not logged", condition::logWarnings);
    schedule.every(
        COLLECT_EVERY,
        "the heap was not looked after",
        new QuietCollection(new OwnHeap(SystemTime.nanoTime())));
    log.info(
        "server started version={} hostPort={} operatorPort={} data={} ca={} adminToken={}",
        version,
        hostPort.port(),
        operatorPort.port(),
        folder.root().toAbsolutePath(),
        authorities.pinnedFingerprint(),
        folder.adminToken().toAbsolutePath());
  }

  /**
   * Starts a server.
   *
   * @throws RuntimeException saying in one line what is wrong; nothing stays open
   */
  public static Server start(ServerConfig config) {
    return start(config, UnaryOperator.identity(), SystemTime.wallClock());
  }

  /**
   * As {@link #start(ServerConfig)}.
   *
   * @param writers what stands between the store's writer and all that writes
   * @param clock what the server takes for the time
   */
  static Server start(ServerConfig config, UnaryOperator<Writer> writers, InstantSource clock) {
    Deque<Runnable> closing = new ArrayDeque<>();
    try {
      return new Server(config, writers, clock, closing);
    } catch (RuntimeException failure) {
      closeAll(closing);
      throw failure;
    }
  }

  public int hostPort() {
    return hostPort.port();
  }

  public int operatorPort() {
    return operatorPort.port();
  }

  /** What hosts pin: lower-case hexadecimal SHA-256 of the CA's certificate. */
  public String fingerprint() {
    return authorities.pinnedFingerprint();
  }

  private String operatorUrl() {
    return "https://" + address(config, operatorPort.port());
  }

  /** As people and hosts are told to reach a port. */
  private static String address(ServerConfig config, int port) {
    String name = config.names().getFirst();
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }

  private StatusSocket openStatus(DataFolder folder, String version) {
    try {
      return StatusSocket.open(folder.root(), () -> liveStatus(version));
    } catch (IOException failure) {
      throw new UncheckedIOException("status socket in " + folder.root() + ": " + failure, failure);
    }
  }

  private LiveStatus liveStatus(String version) {
    return new LiveStatus(
        version,
        ProcessHandle.current().pid(),
        startedAt,
        hostPort.port(),
        operatorPort.port(),
        condition.obstacles(),
        condition.warnings());
  }

  static String version() {
    return Optional.ofNullable(Server.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private static RateLimit newRateLimit() {
    return new RateLimit(FAILURES_IN_A_ROW, FAILURES_FORGIVEN_PER_SECOND, SystemTime.nanoTime());
  }

  /** Takes no more, sends the hosts away, finishes what was taken, and stops. Once. */
  @Override
  public void close() {
    if (!condition.stops()) {
      return;
    }
    closeAll(closing);
    log.info("server stopped");
  }

  private static void closeAll(Deque<Runnable> parts) {
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (RuntimeException failure) {
        log.error("a part did not close", failure);
      }
    }
  }
}
