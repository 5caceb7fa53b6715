package io.easyagent.server.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.definition.AgentType;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.OldAuditEntries;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.Command.Exec.Work;
import io.easyagent.server.operation.End;
import io.easyagent.server.operation.EndedBatches;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.OldOutputs;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.OperationStore.NewBatchRow;
import io.easyagent.server.operation.OperationStore.NewOperationRow;
import io.easyagent.server.operation.Output;
import io.easyagent.server.operation.UnusedDocuments;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.operation.store.SqlRetention;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.telemetry.History;
import io.easyagent.server.telemetry.NewEvent;
import io.easyagent.server.telemetry.OldEvents;
import io.easyagent.server.telemetry.store.SqlEvents;
import io.easyagent.testkit.FakeClock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Days of a small fleet, by a fast clock, through the real stores: what is written each day, the
 * store forgets. {@code ./dev bench retention} is the same with 10,000 hosts and a year.
 */
class BoundedStoreTest {
  private static final int HOSTS = 30;
  private static final int BATCHES_A_DAY = 6;
  private static final int EVENTS_A_DAY = 200;
  private static final int ACTS_A_DAY = 100;
  private static final int KEPT_DAYS = 3;
  private static final Bound KEPT = new Bound(Duration.ofDays(KEPT_DAYS), 1_000_000_000);

  private final FakeClock clock = new FakeClock();
  private final IdMint ids = new IdMint(clock, new SecureRandom());
  private final SqlHosts hostStore = new SqlHosts();
  private final SqlAgents agentStore = new SqlAgents();
  private final SqlOperations operationStore = new SqlOperations();
  private final SqlRetention past = new SqlRetention();
  private final SqlAudit auditStore = new SqlAudit();
  private final SqlEvents eventStore = new SqlEvents();
  private final List<HostId> hosts = new ArrayList<>();
  private final AgentId agent = new AgentId(UUID.randomUUID());
  @TempDir private Path folder;
  private Database database;
  private Audit audit;
  private History history;
  private long written;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("server.db"));
    audit = new Audit(auditStore, database, database.writer(), clock);
    history = new History(eventStore, database);
    database
        .writer()
        .run(transaction -> {
          for (int i = 0; i < HOSTS; i++) {
            HostId host = new HostId(ids.nextRandom());
            hostStore.insert(transaction, host, "web-" + i, "m" + i, Map.of(), clock.instant());
            hosts.add(host);
          }
          agentStore.insert(
              transaction, agent, hosts.getFirst(), definition(), 1, DesiredState.RUNNING);
        });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private DefinitionText definition() {
    return new DefinitionText("a", AgentType.SERVICE, Optional.empty(), "{\"n\": " + written + "}");
  }

  private Retention retention(Bound bound) {
    return new Retention(
        List.of(
            new EndedBatches(past, bound, clock),
            new OldOutputs(past, bound, clock),
            new UnusedDocuments(past),
            new OldEvents(eventStore, bound, clock),
            new OldAuditEntries(audit, auditStore, bound, clock)),
        database,
        database.writer(),
        System::nanoTime);
  }

  private void day() {
    for (int i = 0; i < BATCHES_A_DAY; i++) {
      database.writer().run(this::batch);
      clock.advance(Duration.ofHours(24 / BATCHES_A_DAY));
    }
    database
        .writer()
        .run(transaction -> {
          for (int i = 0; i < EVENTS_A_DAY; i++) {
            history.append(transaction, event(hosts.get(i % HOSTS)));
          }
          for (int i = 0; i < ACTS_A_DAY; i++) {
            audit.append(
                transaction,
                new AuditEntry.Origin("anna", "10.0.0.1"),
                new AuditEntry.Act("batch.exec", "--all uptime", HOSTS));
          }
          agentStore.putDefinition(transaction, agent, definition());
        });
  }

  private NewEvent event(HostId host) {
    Instant now = clock.instant();
    return new NewEvent(now, now, Optional.of(host), Optional.of(agent), "exited", "exit 1");
  }

  private void batch(Transaction transaction) {
    BatchId batch = new BatchId(ids.next());
    Instant now = clock.instant();
    Command command =
        new Command.Exec(
            new Work.Arguments(List.of("uptime", String.valueOf(written++))),
            Optional.empty(),
            Map.of());
    NewBatch wanted =
        new NewBatch(
            OperationKind.EXEC,
            Optional.empty(),
            "--all",
            "anna",
            Duration.ofMinutes(15),
            Optional.empty(),
            List.of());
    operationStore.insertBatch(transaction, new NewBatchRow(batch, wanted, now, now, HOSTS));
    String digest = operationStore.putCommand(transaction, command);
    for (HostId host : hosts) {
      OperationId id = new OperationId(ids.next());
      operationStore.insert(
          transaction,
          List.of(
              new NewOperationRow(
                  id,
                  batch,
                  OperationKind.EXEC,
                  host,
                  "web",
                  Optional.empty(),
                  Optional.empty(),
                  digest,
                  0,
                  now,
                  now,
                  Optional.empty())));
      byte[] output = ByteBuffer.allocate(1024).putLong(written++).array();
      operationStore.finish(
          transaction,
          operationStore.findWork(transaction, id).orElseThrow(),
          OperationState.SUCCEEDED,
          new End("", Optional.empty(), new Output(output, new byte[0], 1024), Optional.empty()),
          now);
    }
  }

  /** Of the file, with what is still to be brought into it. */
  private long bytes() {
    return database.read(transaction ->
        transaction
            .handle()
            .createQuery("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            .mapTo(Long.class)
            .one());
  }

  /** How large the store was after each day. */
  private List<Long> live(int days, Bound bound) {
    List<Long> sizes = new ArrayList<>();
    try (Retention retention = retention(bound)) {
      for (int i = 0; i < days; i++) {
        day();
        retention.round();
        database.writer().run(transaction -> {});
        sizes.add(bytes());
      }
    }
    return sizes;
  }

  private Map<String, Long> rows() {
    return database.read(transaction -> {
      Map<String, Long> rows = new java.util.TreeMap<>();
      for (String table :
          List.of("batch", "operation", "output", "document", "event", "audit_entry")) {
        rows.put(
            table,
            transaction
                .handle()
                .createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one());
      }
      return rows;
    });
  }

  @Test
  void theStoreOfAFleetThatWorksEveryDayStaysAsItIs() throws Exception {
    int settled = 2 * KEPT_DAYS;
    List<Long> sizes = live(8 * KEPT_DAYS, KEPT);

    long then = sizes.get(settled);
    assertTrue(sizes.getLast() <= then + then / 10, "bytes by day: " + sizes);
    Map<String, Long> rows = rows();
    long days = KEPT_DAYS + 1;
    assertTrue(rows.get("batch") <= days * BATCHES_A_DAY, rows.toString());
    assertTrue(rows.get("operation") <= days * BATCHES_A_DAY * HOSTS, rows.toString());
    assertTrue(rows.get("output") <= days * BATCHES_A_DAY * HOSTS, rows.toString());
    assertTrue(rows.get("document") <= days * BATCHES_A_DAY + 1, rows.toString());
    assertTrue(rows.get("event") <= days * EVENTS_A_DAY, rows.toString());
    assertTrue(rows.get("audit_entry") <= (days + 1) * (ACTS_A_DAY + 1), rows.toString());
    assertEquals(Optional.empty(), audit.verify(Optional.empty()).fault());
  }

  @Test
  void withoutForgettingItGrows() throws Exception {
    int settled = 2 * KEPT_DAYS;
    List<Long> sizes = live(8 * KEPT_DAYS, new Bound(Duration.ofDays(3650), 1_000_000_000));

    assertTrue(sizes.getLast() > 2 * sizes.get(settled), "bytes by day: " + sizes);
  }

  @Test
  void everyTableIsOneThatSomethingBounds() {
    Map<String, String> bounds =
        Map.ofEntries(
            Map.entry("agent", "an operator installs it, and it goes with its host"),
            Map.entry("agent_secret", "goes with its agent"),
            Map.entry("audit_anchor", "one row"),
            Map.entry("audit_entry", "OldAuditEntries"),
            Map.entry("batch", "EndedBatches"),
            Map.entry("document", "EndedBatches, UnusedDocuments"),
            Map.entry("enroll_token", "expired ones are removed when one is made"),
            Map.entry("event", "OldEvents"),
            Map.entry("flyway_schema_history", "one row for each version"),
            Map.entry("host", "maxHosts"),
            Map.entry("host_certificate", "HostCertificates.old"),
            Map.entry("host_copy", "a few of each host"),
            Map.entry("host_fact", "a bounded number of each host"),
            Map.entry("host_label", "a bounded number of each host"),
            Map.entry("host_outbox", "the latest few of each host"),
            Map.entry("operation", "EndedBatches"),
            Map.entry("operator_token", "an administrator makes it"),
            Map.entry("output", "OldOutputs"),
            Map.entry("package", "an operator pushes it"),
            Map.entry("secret", "an operator sets it"),
            Map.entry("server_state", "a few names"));

    List<String> tables =
        database.read(transaction ->
            transaction
                .handle()
                .createQuery(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                        + " AND name NOT LIKE 'sqlite_%' ORDER BY name")
                .mapTo(String.class)
                .list());

    assertEquals(bounds.keySet().stream().sorted().toList(), tables);
  }
}
