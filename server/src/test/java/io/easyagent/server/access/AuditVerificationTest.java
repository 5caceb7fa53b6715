package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Retention;
import io.easyagent.server.store.Database;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody edits the store's file; the log tells. */
class AuditVerificationTest {
  private static final AuditEntry.Origin ANNA = new AuditEntry.Origin("anna", "10.0.0.1");
  private static final int ENTRIES = 2_100;

  @TempDir private Path folder;

  private final FakeClock clock = new FakeClock();
  private Database database;
  private Audit audit;

  @BeforeEach
  void writeEntries() {
    open(folder.resolve("server.db"));
    append(ENTRIES);
  }

  private void open(Path file) {
    database = Database.open(file);
    audit = new Audit(new SqlAudit(), database, database.writer(), clock);
  }

  private void append(int entries) {
    database
        .writer()
        .run(transaction -> {
          for (int number = 0; number < entries; number++) {
            audit.append(
                transaction, ANNA, new AuditEntry.Act("batch.exec", "uptime " + number, number));
          }
        });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void edit(String... statements) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("server.db"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        assertTrue(statement.executeUpdate(sql) > 0, sql);
      }
    }
  }

  @Test
  void anUntouchedLogIsSound() {
    AuditHead head = audit.head();

    assertEquals(ENTRIES, head.sequence());
    assertEquals(
        new AuditVerification(Optional.empty(), head, Optional.empty()),
        audit.verify(Optional.empty()));
    append(3);
    assertEquals(
        new AuditVerification(Optional.empty(), audit.head(), Optional.empty()),
        audit.verify(Optional.of(head)));
  }

  @Test
  void anEmptyLogIsSound() {
    database.close();
    open(folder.resolve("empty.db"));
    AuditHead head = audit.head();

    assertEquals(0, head.sequence());
    assertEquals(
        new AuditVerification(Optional.empty(), head, Optional.empty()),
        audit.verify(Optional.of(head)));
    append(1);
    assertEquals(Optional.empty(), audit.verify(Optional.of(head)).fault());
  }

  @ParameterizedTest
  @CsvSource({
    "sequence, sequence + 10000",
    "at, at + 1",
    "actor, \"'bo'\"",
    "address, \"'10.0.0.2'\"",
    "action, \"'batch.stop'\"",
    "subject, \"'uptime'\"",
    "hosts, hosts + 1",
    "hash, \"'0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'\""
  })
  void everyChangedFieldIsFound(String column, String value) throws Exception {
    edit("UPDATE audit_entry SET %s = %s WHERE sequence = 1500".formatted(column, value));

    AuditVerification found = audit.verify(Optional.empty());

    assertEquals(1499, found.sound().sequence());
    assertTrue(found.fault().orElseThrow().startsWith("entry 1500 "), found.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 1000, 1001, ENTRIES - 1})
  void everyEntryThatIsTakenOutIsMissed(long sequence) throws Exception {
    edit("DELETE FROM audit_entry WHERE sequence = " + sequence);

    AuditVerification found = audit.verify(Optional.empty());

    assertEquals(sequence - 1, found.sound().sequence());
    assertEquals(
        Optional.of("entry %d is missing (found: entry %d)".formatted(sequence, sequence + 1)),
        found.fault());
  }

  @Test
  void anEntryThatIsTakenOutAndTheRestRenumberedIsFound() throws Exception {
    edit(
        "DELETE FROM audit_entry WHERE sequence = 700",
        "UPDATE audit_entry SET sequence = -(sequence - 1) WHERE sequence > 700",
        "UPDATE audit_entry SET sequence = -sequence WHERE sequence < 0");

    assertEquals(699, audit.verify(Optional.empty()).sound().sequence());
    assertTrue(audit.verify(Optional.empty()).fault().isPresent());
  }

  @Test
  void aCutLogIsFoundWithAKeptHead() throws Exception {
    AuditHead kept = audit.head();
    edit("DELETE FROM audit_entry WHERE sequence > 2000");

    assertEquals(Optional.empty(), audit.verify(Optional.empty()).fault(), "nothing else can tell");
    String fault = audit.verify(Optional.of(kept)).fault().orElseThrow();
    assertTrue(fault.startsWith("the log ends at entry 2000 (expected: entry 2100 "), fault);
  }

  @Test
  void anEmptiedLogIsFoundWithAKeptHead() throws Exception {
    AuditHead kept = audit.head();
    edit("DELETE FROM audit_entry");

    assertTrue(audit.verify(Optional.of(kept)).fault().isPresent());
  }

  @Test
  void aLogThatWasWrittenAnewIsFoundWithAKeptHead() throws Exception {
    AuditHead kept = audit.head();
    edit("DELETE FROM audit_entry WHERE sequence > 50");
    append(ENTRIES);

    assertEquals(Optional.empty(), audit.verify(Optional.empty()).fault(), "the chain is whole");
    assertEquals(
        Optional.of("entry 2100 is not the one of the kept head: the log was written anew"),
        audit.verify(Optional.of(kept)).fault());
  }

  @Test
  void anOlderStoreIsFoundWithAKeptHead() throws Exception {
    Path older = folder.resolve("older.db");
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("server.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("VACUUM INTO '" + older + "'");
    }
    append(10);
    AuditHead kept = audit.head();
    database.close();
    assertTrue(Files.exists(older));
    open(older);

    assertTrue(audit.verify(Optional.of(kept)).fault().isPresent());
  }

  @Test
  void anActAndItsEntryAreOneTransaction() {
    AuditEntry.Act act = new AuditEntry.Act("host.remove", "web-1", 1);
    assertThrows(
        IllegalStateException.class,
        () ->
            database
                .writer()
                .run(transaction -> {
                  audit.entry(ANNA, act).run(transaction);
                  throw new IllegalStateException("the act failed");
                }));

    assertEquals(ENTRIES, audit.head().sequence());
    assertEquals(
        List.of(),
        audit.page(PageRequest.first(10)).items().stream()
            .filter(entry -> entry.act().equals(act))
            .toList());
  }

  // ---- the oldest entries are removed

  private static final int KEPT = 500;

  private Retention retention(Bound bound) {
    return new Retention(
        List.of(new OldAuditEntries(audit, new SqlAudit(), bound, clock)),
        database,
        database.writer(),
        System::nanoTime);
  }

  private void removeOldest() {
    try (Retention retention = retention(new Bound(Duration.ofDays(30), KEPT))) {
      retention.round();
    }
  }

  @Test
  void aLogWhoseOldestPartWasRemovedIsSoundAndSaysWhereItBegins() {
    AuditHead before = audit.head();
    removeOldest();
    append(3);

    AuditVerification found = audit.verify(Optional.of(before));

    assertEquals(Optional.empty(), found.fault());
    assertEquals(ENTRIES - KEPT, found.removed().orElseThrow().sequence());
    assertEquals(ENTRIES + 4, found.sound().sequence());
    List<AuditEntry> entries = audit.page(PageRequest.first(500)).items();
    AuditEntry said = entries.get(3);
    assertEquals("audit.remove", said.act().action());
    assertEquals("server", said.origin().actor());
    assertEquals(
        "entries up to 1600, the last one with the hash " + found.removed().get().hash(),
        said.act().subject());
    assertEquals(KEPT + 4, audit.page(PageRequest.first(1)).total());
  }

  @Test
  void theRemovedEntryItselfMayBeTheKeptHead() {
    AuditHead kept = head(ENTRIES - KEPT);
    removeOldest();

    assertEquals(Optional.empty(), audit.verify(Optional.of(kept)).fault());
    assertEquals(
        Optional.of("entry 1600 is not the one of the kept head: the log was written anew"),
        audit.verify(Optional.of(new AuditHead(1600, "0".repeat(64)))).fault());
  }

  @Test
  void aKeptHeadFromBeforeTheBeginningProvesNothingAndThatIsSaid() {
    AuditHead kept = head(ENTRIES - KEPT - 1);
    removeOldest();

    String fault = audit.verify(Optional.of(kept)).fault().orElseThrow();

    assertTrue(
        fault.startsWith("the log begins after entry 1600: whether it leads through"), fault);
  }

  private AuditHead head(long sequence) {
    return database.read(transaction -> {
      AuditEntry entry = new SqlAudit().from(transaction, sequence, 1).getFirst();
      return new AuditHead(entry.sequence(), entry.hash());
    });
  }

  @Test
  void whoTakesAwayMoreAndMovesTheBeginningIsFound() throws Exception {
    removeOldest();
    AuditHead further = head(1700);
    edit(
        "DELETE FROM audit_entry WHERE sequence <= 1700",
        "UPDATE audit_anchor SET sequence = 1700, hash = '" + further.hash() + "'");

    assertEquals(
        Optional.of(
            "the log begins after entry 1700, and no entry says that those before it were removed:"
                + " somebody took them away"),
        audit.verify(Optional.empty()).fault());
  }

  @Test
  void whoTakesAwayTheBeginningOfALogThatLostNothingIsFound() throws Exception {
    AuditHead further = head(1700);
    edit(
        "DELETE FROM audit_entry WHERE sequence <= 1700",
        "INSERT INTO audit_anchor VALUES (1, 1700, '" + further.hash() + "', 1)");

    assertTrue(audit.verify(Optional.empty()).fault().isPresent());
    edit("DELETE FROM audit_anchor");
    assertEquals(
        Optional.of("entry 1 is missing (found: entry 1701)"),
        audit.verify(Optional.empty()).fault());
  }

  @Test
  void whoMakesTheBeginningAnotherIsFound() throws Exception {
    removeOldest();
    edit("UPDATE audit_anchor SET hash = '" + "1".repeat(64) + "'");

    assertEquals(
        Optional.of(
            "entry 1601 was changed, or one before it (its hash is not that of its content)"),
        audit.verify(Optional.empty()).fault());
  }

  @Test
  void entriesAreRemovedByAgeADayAtOnce() {
    Bound bound = new Bound(Duration.ofDays(30), 1_000_000);
    try (Retention retention = retention(bound)) {
      clock.advance(Duration.ofDays(30));
      append(5);
      assertEquals(Map.of(), retention.round(), "none is older");
      clock.advance(Duration.ofSeconds(1));
      retention.round();
      assertEquals(ENTRIES, audit.verify(Optional.empty()).removed().orElseThrow().sequence());
      assertEquals(6, audit.page(PageRequest.first(1)).total());
      clock.advance(Duration.ofHours(23));
      append(1);
      clock.advance(Duration.ofDays(30));
      retention.round();
      clock.advance(Duration.ofHours(12));
      append(1);
      assertEquals(Map.of(), retention.round(), "a day's at once");
      assertEquals(Optional.empty(), audit.verify(Optional.empty()).fault());
    }
  }

  @Test
  void theNewestEntryStaysSoThatTheChainGoesOn() {
    clock.advance(Duration.ofDays(1000));
    try (Retention retention = retention(new Bound(Duration.ofDays(1), 0))) {
      retention.round();
      clock.advance(Duration.ofDays(1000));
      retention.round();
    }
    append(1);

    assertEquals(Optional.empty(), audit.verify(Optional.empty()).fault());
    assertTrue(audit.page(PageRequest.first(1)).total() <= 4);
  }

  @Test
  void whatIsRemovedWhileTheLogIsVerifiedIsNotMissing() throws Exception {
    Thread remover =
        Thread.startVirtualThread(() -> {
          for (int most = 2_000; most > 0; most -= 100) {
            try (Retention retention = retention(new Bound(Duration.ofDays(30), most))) {
              retention.round();
            }
          }
        });
    do {
      assertEquals(Optional.empty(), audit.verify(Optional.empty()).fault());
    } while (remover.isAlive());
    remover.join();
  }
}
