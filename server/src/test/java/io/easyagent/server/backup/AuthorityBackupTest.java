package io.easyagent.server.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.Authorities;
import io.easyagent.server.access.GivenAuthority;
import io.easyagent.server.access.OperatorsAuthority;
import io.easyagent.server.store.DataFolder;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Generation;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restored server is known to the fleet: nothing of its authorities is lost with the disk. */
class AuthorityBackupTest {
  private static final char[] PASSPHRASE = "a long passphrase".toCharArray();

  private final FakeClock clock = new FakeClock();
  private final SecureRandom random = new SecureRandom();
  @TempDir private Path folder;
  private Path data;
  private Path restored;

  @BeforeEach
  void aServerWasHere() throws Exception {
    data = folder.resolve("data");
    restored = folder.resolve("restored");
    try (DataFolder open = DataFolder.open(data);
        Database database = Database.open(open.database())) {
      assertEquals(data.resolve("ca"), open.certificates());
      Generation.open(database.writer(), random);
    }
  }

  private Authorities open(Path root, Optional<GivenAuthority> given) {
    return Authorities.open(root.resolve("ca"), given, List.of("a"), clock, random);
  }

  private void backUpAndRestore() throws Exception {
    Path file = folder.resolve("backup");
    Backup.Made made =
        new Backup(data, "2.0.0", clock, random).write(file, PASSPHRASE, Optional.empty());
    assertEquals(List.of(), made.leftOut());
    new Restore(clock, random).restore(file, restored, PASSPHRASE::clone, false);
  }

  private static Map<String, String> certificates(Path root) throws Exception {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(root.resolve("ca"))) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void aRotationThatIsUnderWayComesBackAndCanBeEnded() throws Exception {
    Authorities before = open(data, Optional.empty());
    String old = before.pinnedFingerprint();
    before.rotate();

    backUpAndRestore();

    assertEquals(certificates(data), certificates(restored));
    Authorities after = open(restored, Optional.empty());
    assertEquals(before.fleet(), after.fleet());
    assertEquals(before.standings(), after.standings());
    assertEquals(before.server().certificate(), after.server().certificate());
    assertEquals(before.server().key(), after.server().key());
    assertEquals(certificates(data), certificates(restored), "opening made nothing anew");
    after.retire(old);
    after.server().certificate().verify(before.trusted().getFirst().getPublicKey());
  }

  @Test
  void theKeyOfAGivenAuthorityIsInNoBackup() throws Exception {
    GivenAuthority given = OperatorsAuthority.root(clock).intermediate().files(data);
    Authorities before = open(data, Optional.of(given));

    backUpAndRestore();

    Map<String, String> texts = certificates(restored);
    assertTrue(texts.containsKey("server.pem"), texts.keySet().toString());
    assertFalse(texts.keySet().stream().anyMatch(name -> name.endsWith(".key")));
    String key = Files.readString(given.key()).lines().skip(1).findFirst().orElseThrow();
    assertFalse(texts.values().stream().anyMatch(text -> text.contains(key)));
    Authorities after = open(restored, Optional.of(given));
    assertEquals(before.standings(), after.standings());
    assertEquals(before.server().certificate(), after.server().certificate());
  }
}
