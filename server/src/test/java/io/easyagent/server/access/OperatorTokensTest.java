package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.access.store.SqlOperatorTokens;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Database;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorTokensTest {
  private static final AuditEntry.Origin ANNA = new AuditEntry.Origin("anna", "10.0.0.1");

  @TempDir private Path folder;

  private final FakeClock clock = new FakeClock();
  private final SecureRandom random = new SecureRandom();
  private final IdMint ids = new IdMint(clock, random);
  private Database database;
  private Audit audit;
  private OperatorTokens tokens;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("server.db"));
    audit = new Audit(new SqlAudit(), database, database.writer(), clock);
    tokens =
        new OperatorTokens(
            new SqlOperatorTokens(), database, database.writer(), audit, ids, clock, random);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aSecretLetsInUntilItExpires() {
    OperatorTokens.Created created = create("bo", Role.VIEWER);

    assertTrue(created.secret().matches("ea_[A-Za-z0-9_-]{43}"));
    assertEquals(Optional.of(created.token()), tokens.authenticate(created.secret()));
    assertEquals(Optional.empty(), tokens.authenticate(created.secret() + "x"));
    assertEquals(Optional.empty(), tokens.authenticate("ea_"));
    clock.advance(Duration.ofHours(1));
    assertEquals(Optional.empty(), tokens.authenticate(created.secret()));
  }

  @Test
  void aRevokedTokenLetsNobodyIn() {
    OperatorTokens.Created created = create("bo", Role.VIEWER);

    assertTrue(tokens.revoke(created.token().id(), ANNA));

    assertEquals(Optional.empty(), tokens.authenticate(created.secret()));
    assertFalse(tokens.revoke(created.token().id(), ANNA));
  }

  @Test
  void namesOfValidTokensAreUnique() {
    create("bo", Role.VIEWER);

    RefusedException refused = assertThrows(RefusedException.class, () -> create("bo", Role.ADMIN));

    assertEquals(ErrorCode.CONFLICT, refused.refusal().code());
    clock.advance(Duration.ofHours(1));
    create("bo", Role.VIEWER);
  }

  @Test
  void theSecretIsInNoFileOfTheStore() throws Exception {
    String secret = create("bo", Role.VIEWER).secret();
    database.close();

    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertFalse(
            Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).contains(secret));
      }
    }
    open();
  }

  @Test
  void pagesAreStableWhileTokensAreMade() {
    for (int number = 0; number < 5; number++) {
      create("token-" + number, Role.VIEWER);
    }

    var first = tokens.page(new PageRequest(2, Optional.empty()));
    create("later", Role.VIEWER);
    var second = tokens.page(new PageRequest(2, first.next()));
    var third = tokens.page(new PageRequest(2, second.next()));

    assertEquals(
        List.of("token-4", "token-3", "token-2", "token-1", "token-0"),
        java.util.stream.Stream.of(first, second, third)
            .flatMap(page -> page.items().stream())
            .map(OperatorToken::name)
            .toList());
    assertEquals(Optional.empty(), third.next());
  }

  @Test
  void everyActIsInTheChain() {
    OperatorTokens.Created created = create("bo", Role.VIEWER);
    tokens.revoke(created.token().id(), ANNA);
    audit.announce(ANNA, new AuditEntry.Act("batch.exec", "uptime", 8000));

    List<AuditEntry> newestFirst = audit.page(PageRequest.first(10)).items();

    assertEquals(
        List.of("batch.exec", "token.revoke", "token.create"),
        newestFirst.stream().map(entry -> entry.act().action()).toList());
    String before = "0".repeat(64);
    for (AuditEntry entry : newestFirst.reversed()) {
      before = Audit.hash(before, entry.sequence(), entry.at(), entry.origin(), entry.act());
      assertEquals(before, entry.hash());
    }
  }

  @Test
  void theFirstAdministratorFindsAPrivateFile() throws Exception {
    Path file = folder.resolve("admin.token");

    assertTrue(AdminTokenFile.provide(file, tokens, ids));
    assertFalse(AdminTokenFile.provide(file, tokens, ids));

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    OperatorToken admin = tokens.authenticate(Files.readString(file).strip()).orElseThrow();
    assertEquals(Role.ADMIN, admin.role());
    assertTrue(admin.exec());
  }

  @Test
  void aFileThatCannotBeWrittenLeavesNoToken() {
    Path file = folder.resolve("missing/admin.token");

    assertThrows(RuntimeException.class, () -> AdminTokenFile.provide(file, tokens, ids));

    assertFalse(tokens.hasAdmin());
  }

  private OperatorTokens.Created create(String name, Role role) {
    return tokens.create(new OperatorTokens.Wanted(name, role, false, Duration.ofHours(1)), ANNA);
  }
}
