package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Database;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
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

  private Database database;
  private Audit audit;

  @BeforeEach
  void writeEntries() {
    open(folder.resolve("server.db"));
    append(ENTRIES);
  }

  private void open(Path file) {
    database = Database.open(file);
    audit = new Audit(new SqlAudit(), database, database.writer(), new FakeClock());
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
    assertEquals(new AuditVerification(head, Optional.empty()), audit.verify(Optional.empty()));
    append(3);
    assertEquals(
        new AuditVerification(audit.head(), Optional.empty()), audit.verify(Optional.of(head)));
  }

  @Test
  void anEmptyLogIsSound() {
    database.close();
    open(folder.resolve("empty.db"));
    AuditHead head = audit.head();

    assertEquals(0, head.sequence());
    assertEquals(new AuditVerification(head, Optional.empty()), audit.verify(Optional.of(head)));
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
}
