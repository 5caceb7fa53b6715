package io.easyagent.server.session.rpc;

import io.easyagent.server.access.Audit;
import io.easyagent.server.access.Authorities;
import io.easyagent.server.access.Enrolment;
import io.easyagent.server.access.FleetSize;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.access.HostTrust;
import io.easyagent.server.access.NewEnrollToken;
import io.easyagent.server.access.RateLimit;
import io.easyagent.server.access.Readmission;
import io.easyagent.server.access.Renewals;
import io.easyagent.server.access.StoredEnrollTokens;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.access.store.SqlCertificates;
import io.easyagent.server.access.store.SqlEnrollTokens;
import io.easyagent.server.agent.StoredAgents;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.artifact.Archives;
import io.easyagent.server.fleet.HostDecisions;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.ReservedLabels;
import io.easyagent.server.fleet.StoredHosts;
import io.easyagent.server.fleet.store.SqlCopies;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.fleet.store.SqlSessions;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.log.LogHost;
import io.easyagent.server.log.LogStreams;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.Dispatcher;
import io.easyagent.server.operation.HostLinks;
import io.easyagent.server.operation.HostWord;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationChanges;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationProgress;
import io.easyagent.server.operation.OperationQuery;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.StoredOperations;
import io.easyagent.server.operation.Submission;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.schedule.Schedule;
import io.easyagent.server.secret.SecretKeys;
import io.easyagent.server.secret.SecretVault;
import io.easyagent.server.secret.store.SqlSecrets;
import io.easyagent.server.session.EphemeralHosts;
import io.easyagent.server.session.Reports;
import io.easyagent.server.session.Sessions;
import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Generation;
import io.easyagent.server.store.Writer;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.transport.HostConnectionLimits;
import io.easyagent.server.transport.HostPort;
import io.easyagent.testkit.Eventually;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The server's core behind a real host port, without the operators' side. */
final class CoreServer implements AutoCloseable {
  static final int MOST_HOSTS = 50;
  static final int LOG_STREAMS = 6;

  private final DataFolder folder;
  private final Database database;
  private final Dispatcher dispatcher;
  private final HostPort port;
  private final ScheduledExecutorService scheduler;
  private final HostLinks links = new HostLinks();
  final LatestMetrics metrics = new LatestMetrics();
  final StoredHosts hosts;
  final HostDecisions decisions;
  final EphemeralHosts ephemeral;
  final Authorities authorities;
  final HostCertificates certificates;
  final StoredAgents agents;
  final StoredOperations operations;
  final StoredEnrollTokens tokens;
  final SecretVault secrets;
  final LogStreams logs;

  CoreServer(Path data, int listen) {
    this(data, listen, sha256 -> Optional.empty());
  }

  CoreServer(Path data, int listen, Archives archives) {
    this(data, listen, archives, InstantSource.system());
  }

  CoreServer(Path data, int listen, Archives archives, InstantSource clock) {
    this(data, listen, archives, clock, Admissions.usual(System::nanoTime));
  }

  CoreServer(Path data, HostConnectionLimits limits) {
    this(
        data,
        0,
        sha256 -> Optional.empty(),
        InstantSource.system(),
        Admissions.usual(System::nanoTime),
        limits);
  }

  CoreServer(Path data, int listen, Archives archives, InstantSource clock, Admissions admissions) {
    this(data, listen, archives, clock, admissions, HostConnectionLimits.USUAL);
  }

  private CoreServer(
      Path data,
      int listen,
      Archives archives,
      InstantSource clock,
      Admissions admissions,
      HostConnectionLimits limits) {
    SecureRandom random = new SecureRandom();
    IdMint ids = new IdMint(clock, random);
    folder = DataFolder.open(data);
    database = Database.open(folder.database());
    var writer = database.writer();
    String generation = Generation.open(writer, random);
    authorities =
        Authorities.open(
            folder.certificates(), Optional.empty(), List.of("localhost"), clock, random);
    SqlCertificates certificateStore = new SqlCertificates();
    certificates = new HostCertificates(certificateStore, database, writer, clock);
    SqlHosts hostStore = new SqlHosts();
    SqlAgents agentStore = new SqlAgents();
    SqlSessions sessionStore = new SqlSessions();
    SqlCopies copyStore = new SqlCopies();
    SqlOperations operationStore = new SqlOperations();
    SqlEnrollTokens tokenStore = new SqlEnrollTokens();
    tokens = new StoredEnrollTokens(tokenStore, database, writer, ids, random, clock);
    dispatcher =
        new Dispatcher(
            operationStore, sessionStore, links, database, writer, clock, Duration.ofHours(1));
    OperationChanges changes = new OperationChanges();
    OperationProgress progress =
        new OperationProgress(operationStore, agentStore, changes, dispatcher, clock);
    operations =
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
    agents = new StoredAgents(agentStore, hostStore, database);
    Sessions sessions =
        new Sessions(
            sessionStore,
            copyStore,
            writer,
            links,
            dispatcher,
            (transaction, event) -> {},
            metrics,
            random,
            clock,
            generation);
    logs = new LogStreams(LOG_STREAMS, host -> links.find(host).map(LogHost.class::cast));
    secrets =
        new SecretVault(
            new SqlSecrets(),
            agentStore,
            SecretKeys.open(folder.secretKey(), random),
            database,
            writer,
            new Audit(new SqlAudit(), database, writer, clock),
            random,
            clock);
    sessions.begin();
    hosts =
        new StoredHosts(
            hostStore,
            database,
            writer,
            List.of(progress, certificates, sessions),
            ReservedLabels.NONE);
    ephemeral =
        new EphemeralHosts(
            hosts,
            hostStore,
            sessionStore,
            (transaction, event) -> {},
            database,
            clock,
            Duration.ofMillis(1));
    decisions = new HostDecisions(hostStore, copyStore, certificates, writer, clock);
    writer.run(transaction -> progress.begin(transaction, generation));
    scheduler = Executors.newSingleThreadScheduledExecutor();
    dispatcher.start(progress, new Schedule(scheduler));
    port =
        HostPort.open(
            new InetSocketAddress("127.0.0.1", listen),
            authorities.server(),
            new HostTrust(authorities::trusted),
            new HostAuthentication(certificates, scheduler),
            new HostService(
                new HostService.Parts(
                    new Enrolment(
                        authorities,
                        certificates,
                        tokenStore,
                        hostStore,
                        writer,
                        clock,
                        new RateLimit(20, 1, System::nanoTime),
                        new FleetSize(hostStore, MOST_HOSTS)),
                    new Readmission(certificates, hostStore, writer, clock),
                    ephemeral,
                    certificates,
                    new Renewals(authorities, certificates, certificateStore, writer, clock),
                    authorities,
                    sessions,
                    new Reports(
                        sessionStore,
                        agentStore,
                        new HostWord(operationStore, progress, agentStore, clock),
                        (transaction, event) -> {},
                        writer,
                        clock,
                        generation),
                    links,
                    dispatcher,
                    archives,
                    secrets,
                    logs,
                    metrics,
                    clock,
                    admissions,
                    new HostService.Identity(
                        "test",
                        List.of("definition-1"),
                        authorities.fleet().toString(),
                        generation,
                        Duration.ofSeconds(30),
                        List.of()))),
            limits,
            System::nanoTime);
    authorities.whenChanged(() -> port.present(authorities.server()));
  }

  int port() {
    return port.port();
  }

  boolean isOnline(FakeHost host) {
    return links.find(new HostId(host.uuid())).isPresent();
  }

  long refusedConnections() {
    return port.refusedConnections();
  }

  int strangers() {
    return port.strangers();
  }

  String token(int uses) {
    return token(uses, false);
  }

  String token(int uses, boolean shortLived) {
    return tokens
        .create(
            new NewEnrollToken(
                Map.of("role", "web"), uses, Duration.ofHours(1), List.of(), shortLived, "test"),
            Writer.Action.NOTHING)
        .secret();
  }

  /** Of as many hosts as there may be, all but one; before any other. They never connect. */
  HostId fillUp() {
    return database
        .writer()
        .write(transaction -> {
          HostId last = new HostId(UUID.randomUUID());
          for (int i = 1; i < MOST_HOSTS; i++) {
            last = new HostId(UUID.randomUUID());
            new SqlHosts().insert(transaction, last, "silent", "", Map.of(), Instant.EPOCH);
          }
          return last;
        });
  }

  FakeHost enrol(String name) throws Exception {
    return FakeHost.enrol(port(), token(1), name);
  }

  FakeHost enrol(String name, String capability) throws Exception {
    return enrol(name).understands(capability);
  }

  BatchId exec(FakeHost host, Duration timeout) {
    return exec(host, Optional.empty(), timeout);
  }

  BatchId exec(FakeHost host, Optional<String> agent, Duration timeout) {
    Command command =
        new Command.Exec(
            new Command.Exec.Work.Arguments(List.of("/bin/true")), Optional.empty(), Map.of());
    return accepted(host, OperationKind.EXEC, agent, timeout, command);
  }

  BatchId accepted(
      FakeHost host,
      OperationKind kind,
      Optional<String> agent,
      Duration timeout,
      Command command) {
    Submission submission =
        operations.submit(
            new NewBatch(
                kind,
                agent,
                "test",
                "test",
                timeout,
                Optional.empty(),
                List.of(new NewBatch.Order(new HostId(host.uuid()), command))),
            Writer.Action.NOTHING);
    if (submission instanceof Submission.Accepted(var batch)) {
      return batch.id();
    }
    throw new AssertionError("not accepted: " + submission);
  }

  Operation operation(BatchId batch) {
    Operation listed =
        operations.page(OperationQuery.ofBatch(batch), PageRequest.first(1)).items().getFirst();
    return operations.find(listed.id()).orElseThrow();
  }

  Optional<Operation> findOperation(BatchId batch) {
    return operations.page(OperationQuery.ofBatch(batch), PageRequest.first(1)).items().stream()
        .findFirst();
  }

  void awaitState(BatchId batch, OperationState state) {
    Eventually.await(
        Duration.ofSeconds(10), "operation " + state, () -> operation(batch).state() == state);
  }

  @Override
  public void close() {
    port.stopIntake();
    links.all().forEach(link -> link.reconnect("the server is stopping"));
    port.close();
    scheduler.shutdownNow();
    dispatcher.close();
    database.close();
    folder.close();
  }
}
