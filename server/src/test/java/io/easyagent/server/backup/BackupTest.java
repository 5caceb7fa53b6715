package io.easyagent.server.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Documents;
import io.easyagent.server.store.Generation;
import io.easyagent.server.store.Restoration;
import io.easyagent.server.store.StoreFile;
import io.easyagent.server.store.Transaction;
import io.easyagent.testkit.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder, backed up and restored. */
class BackupTest {
  private static final char[] PASSPHRASE = "correct horse battery".toCharArray();
  private static final byte[] ARCHIVE = "the bytes of an archive".getBytes(StandardCharsets.UTF_8);

  private final FakeClock clock = new FakeClock();
  private final SecureRandom random = new SecureRandom();
  @TempDir private Path folder;
  private Path data;
  private Path backup;

  @BeforeEach
  void aServerWasHere() throws Exception {
    data = folder.resolve("data");
    backup = folder.resolve("backup");
    try (DataFolder open = DataFolder.open(data);
        Database database = Database.open(open.database())) {
      Files.writeString(open.certificates().resolve("ca.key"), "the CA's key");
      Files.writeString(open.certificates().resolve("fleet-id"), "fleet-1\n");
      Files.writeString(open.secretKey(), "the key of secrets");
      Files.writeString(data.resolve("admin.token"), "ea_x");
      Files.writeString(data.resolve("server.sock.new"), "left over");
      Generation.open(database.writer(), random);
      String sha256 = Documents.sha256(ARCHIVE);
      Files.write(open.packages().resolve(sha256), ARCHIVE);
      Files.write(open.packages().resolve("being.receiving"), ARCHIVE);
      database
          .writer()
          .run(transaction -> {
            put(transaction, "before", "kept");
            transaction
                .handle()
                .execute(
                    "INSERT INTO package (name, version, sha256, size, pushed_at, pushed_by)"
                        + " VALUES ('p', '1', ?, ?, 0, 'anna')",
                    sha256,
                    ARCHIVE.length);
            transaction
                .handle()
                .execute(
                    "INSERT INTO host (id, name, status, status_since, enrolled_at, session_epoch,"
                        + " inventory_epoch, nonce, previous_nonce, machine_id, boot_id, capabilities,"
                        + " conditions) VALUES ('h', 'web-1', 'ONLINE', 0, 0, 7, 7, 'n1', 'n0', 'm',"
                        + " 'b', '[]', '[]')");
          });
    }
  }

  private static void put(Transaction transaction, String name, String value) {
    transaction
        .handle()
        .execute("INSERT INTO server_state (name, value) VALUES (?, ?)", name, value);
  }

  private static Optional<String> state(Database database, String name) {
    return database.read(transaction ->
        transaction
            .handle()
            .createQuery("SELECT value FROM server_state WHERE name = :name")
            .bind("name", name)
            .mapTo(String.class)
            .findOne());
  }

  private Backup.Made back(Path file) throws BackupException {
    return new Backup(data, "2.0.0", clock, random).write(file, PASSPHRASE, Optional.empty());
  }

  private Restore.Restored restore(Path file, Path into, boolean replace) throws BackupException {
    return new Restore(clock, random).restore(file, into, PASSPHRASE::clone, replace);
  }

  private static List<String> names(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void everythingComesBackAndItsGenerationIsAnother() throws Exception {
    Files.writeString(folder.resolve("server.yaml"), "bind: 10.0.0.1\n");
    Backup.Made made =
        new Backup(data, "2.0.0", clock, random)
            .write(backup, PASSPHRASE, Optional.of(folder.resolve("server.yaml")));
    assertEquals("fleet-1", made.manifest().fleet());
    assertEquals(1, made.archives());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)));
    assertEquals(clock.instant(), LastBackup.find(data).orElseThrow().at());

    Path restored = folder.resolve("restored");
    Restore.Restored result = restore(backup, restored, false);

    assertEquals(
        List.of(
            "admin.token",
            "ca/ca.key",
            "ca/fleet-id",
            "last-backup",
            "lock",
            "packages/" + Documents.sha256(ARCHIVE),
            "secret.key",
            "server.db",
            "server.yaml"),
        names(restored));
    assertEquals("the CA's key", Files.readString(restored.resolve("ca/ca.key")));
    assertEquals("the key of secrets", Files.readString(restored.resolve("secret.key")));
    assertEquals("bind: 10.0.0.1\n", Files.readString(restored.resolve("server.yaml")));
    for (String name : names(restored)) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(restored.resolve(name))),
          name);
    }
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(restored.resolve("ca"))));
    assertNotEquals(made.manifest().generation(), result.generation());
    assertEquals(made.manifest().generation(), result.before());
    assertEquals(clock.instant(), LastBackup.find(restored).orElseThrow().at());
    try (DataFolder open = DataFolder.open(restored);
        Database database = Database.open(open.database())) {
      assertEquals(Optional.of("kept"), state(database, "before"));
      assertEquals(Optional.of(result.generation()), state(database, "generation"));
      assertEquals(Optional.of("a backup of " + clock.instant()), database.read(Restoration::find));
      assertEquals(
          List.of(),
          database.read(transaction ->
              transaction
                  .handle()
                  .createQuery("SELECT name FROM host WHERE nonce IS NOT NULL")
                  .mapTo(String.class)
                  .list()));
    }
  }

  @Test
  void aBackupOfAServerThatIsWrittenToIsOfOneMoment() throws Exception {
    try (DataFolder open = DataFolder.open(data);
        Database database = Database.open(open.database())) {
      AtomicBoolean done = new AtomicBoolean();
      List<Integer> written = new ArrayList<>();
      Thread load =
          Thread.ofPlatform()
              .start(() -> {
                while (!done.get()) {
                  int number = written.size();
                  database
                      .writer()
                      .run(transaction -> {
                        put(transaction, "a" + number, "x");
                        put(transaction, "b" + number, "x");
                      });
                  written.add(number);
                }
              });
      try {
        back(backup);
      } finally {
        done.set(true);
        load.join();
      }
      assertTrue(written.size() > 1, "nothing was written meanwhile");
    }
    Path restored = folder.resolve("restored");
    restore(backup, restored, false);
    try (Database database = Database.open(DataFolder.database(restored))) {
      assertEquals(
          List.of(0L, 1L),
          database.read(transaction ->
              transaction
                  .handle()
                  .createQuery(
                      "SELECT SUM(CASE WHEN name GLOB 'a[0-9]*' THEN 1"
                          + " WHEN name GLOB 'b[0-9]*' THEN -1 ELSE 0 END) FROM server_state"
                          + " UNION ALL SELECT COUNT(*) FROM server_state WHERE name = 'before'")
                  .mapTo(Long.class)
                  .list()));
    }
    assertFalse(Files.exists(data.resolve("backup-work")));
  }

  @Test
  void aDamagedBackupTouchesNothing() throws Exception {
    back(backup);
    byte[] whole = Files.readAllBytes(backup);
    Path into = Files.createDirectory(folder.resolve("into"));
    Files.writeString(into.resolve("server.db"), "what is there");

    Files.write(backup, Arrays.copyOf(whole, whole.length - 1));
    assertThrows(BackupException.class, () -> restore(backup, into, true));
    byte[] changed = whole.clone();
    changed[whole.length - 100] ^= 1;
    Files.write(backup, changed);
    String message =
        assertThrows(BackupException.class, () -> restore(backup, into, true)).getMessage();

    assertTrue(message.startsWith("nothing was restored: the backup was "), message);
    assertEquals("what is there", Files.readString(into.resolve("server.db")));
    assertEquals(List.of("lock", "server.db"), names(into));
    assertThrows(
        BackupException.class, () -> new Restore(clock, random).check(backup, PASSPHRASE::clone));
  }

  @Test
  void whatIsThereIsKeptAsideAndOnlyWhenAskedTo() throws Exception {
    back(backup);
    Files.writeString(data.resolve("ca/ca.key"), "another key");
    assertEquals(
        data + ": not empty (expected: an empty folder, or --replace, which keeps it aside)",
        assertThrows(BackupException.class, () -> restore(backup, data, false)).getMessage());
    assertEquals("another key", Files.readString(data.resolve("ca/ca.key")));

    Path aside = restore(backup, data, true).keptAside().orElseThrow();

    assertEquals("the CA's key", Files.readString(data.resolve("ca/ca.key")));
    assertEquals("another key", Files.readString(aside.resolve("ca/ca.key")));
    back(folder.resolve("next"));
    restore(folder.resolve("next"), folder.resolve("third"), false);
    assertFalse(Files.exists(folder.resolve("third").resolve(data.relativize(aside))));
  }

  @Test
  void aServerThatRunsIsNotRestoredInto() throws Exception {
    back(backup);
    try (DataFolder open = DataFolder.open(data)) {
      assertTrue(
          assertThrows(BackupException.class, () -> restore(backup, open.root(), true))
              .getMessage()
              .contains("in use by another server"));
    }
  }

  @Test
  void aRestoreThatWasCutOffKeepsServersAwayUntilItIsRepeated() throws Exception {
    back(backup);
    // As a power cut leaves it between the first move and the last.
    Files.createDirectory(data.resolve(DataFolder.RESTORING));
    Files.move(data.resolve("server.db"), data.resolve("restoring/server.db"));
    assertTrue(
        assertThrows(IllegalStateException.class, () -> DataFolder.open(data))
            .getMessage()
            .contains("a restore into it did not end"));

    restore(backup, data, true);

    try (DataFolder open = DataFolder.open(data);
        Database database = Database.open(open.database())) {
      assertEquals(Optional.of("kept"), state(database, "before"));
    }
  }

  @Test
  void aBackupOfANewerServerIsRefused() throws Exception {
    try (Database database = Database.open(DataFolder.database(data))) {
      database
          .writer()
          .run(transaction ->
              transaction
                  .handle()
                  .execute(
                      "INSERT INTO flyway_schema_history (installed_rank, version, description,"
                          + " type, script, checksum, installed_by, execution_time, success)"
                          + " VALUES (1000, '999', 'later', 'SQL', 'V999__later.sql', 1, '', 1, 1)"));
    }
    back(backup);
    String message =
        assertThrows(
                BackupException.class, () -> restore(backup, folder.resolve("restored"), false))
            .getMessage();
    assertTrue(message.contains("schema version 999 was written by a newer server"), message);
    assertEquals(List.of("lock"), names(folder.resolve("restored")));
  }

  @Test
  void aCopyFromBeforeAnUpgradeReplacesTheStoreAlone() throws Exception {
    Path copy = folder.resolve("before-upgrade.db");
    StoreFile.copy(DataFolder.database(data), copy);
    try (Database database = Database.open(DataFolder.database(data))) {
      database.writer().run(transaction -> put(transaction, "after", "lost"));
    }
    Files.writeString(data.resolve("ca/ca.key"), "the key of today");

    Path aside = restore(copy, data, true).keptAside().orElseThrow();

    assertEquals("the key of today", Files.readString(data.resolve("ca/ca.key")));
    assertEquals(List.of("server.db"), names(aside));
    try (Database database = Database.open(DataFolder.database(data))) {
      assertEquals(Optional.of("kept"), state(database, "before"));
      assertEquals(Optional.empty(), state(database, "after"));
      assertTrue(database.read(Restoration::find).isPresent());
    }
  }

  @Test
  void anExistingFileIsNotOverwrittenAndABackupThatFailsLeavesNone() throws Exception {
    Files.writeString(backup, "yesterday's");
    assertEquals(
        backup + ": exists (expected: a new file)",
        assertThrows(BackupException.class, () -> back(backup)).getMessage());
    assertEquals("yesterday's", Files.readString(backup));

    Files.delete(data.resolve("packages").resolve(Documents.sha256(ARCHIVE)));
    assertThrows(BackupException.class, () -> back(folder.resolve("other")));
    assertEquals(List.of("backup"), files(folder));
    assertEquals(Optional.empty(), LastBackup.find(data));
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .sorted()
          .toList();
    }
  }

  @Test
  void linksAreNotFollowedAndAreNamed() throws Exception {
    Files.createSymbolicLink(data.resolve("elsewhere"), Path.of("/etc/passwd"));
    assertEquals(List.of("elsewhere"), back(backup).leftOut());
  }

  @Test
  void theAgeOfTheLastBackupIsSaidOnlyWhenItIsTooOld() throws Exception {
    BackupAge age = new BackupAge(data, clock.instant(), Duration.ofDays(7), clock);
    clock.advance(Duration.ofDays(7));
    assertEquals(Optional.empty(), age.warning());
    clock.advance(Duration.ofHours(2));
    assertEquals(
        Optional.of("no backup for 7d2h (expected: one every 7d; easyagent server backup FILE)"),
        age.warning());
    back(backup);
    assertEquals(Optional.empty(), age.warning());
    Files.writeString(data.resolve("last-backup"), "x", StandardOpenOption.TRUNCATE_EXISTING);
    assertTrue(age.warning().isPresent());
  }
}
