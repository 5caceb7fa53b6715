package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.id.IdMint;
import io.easyagent.server.store.StoreContract;
import io.easyagent.testkit.FakeClock;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What every {@link OperatorTokenStore} promises. */
public abstract class OperatorTokenStoreContract extends StoreContract {
  private final IdMint ids = new IdMint(new FakeClock(NOW), new SecureRandom());

  private OperatorToken insert(String name, Role role, Instant expiresAt) {
    OperatorToken token =
        new OperatorToken(
            ids.next(),
            name,
            role,
            role == Role.OPERATOR,
            role == Role.OPERATOR ? OptionalInt.of(7) : OptionalInt.empty(),
            Optional.of("team=a").filter(_ -> role == Role.OPERATOR),
            NOW,
            expiresAt);
    run(transaction -> stores.operatorTokens().insert(transaction, token, "hash of " + token.id()));
    return token;
  }

  private Optional<OperatorToken> findByHash(String hash) {
    return read(transaction -> stores.operatorTokens().findByHash(transaction, hash));
  }

  private Optional<OperatorToken> findValid(String name, Instant now) {
    return read(transaction -> stores.operatorTokens().findValid(transaction, name, now));
  }

  @Test
  void aTokenIsFoundByTheHashOfItsSecretAlone() {
    OperatorToken operator = insert("anna", Role.OPERATOR, NOW.plusSeconds(60));
    OperatorToken viewer = insert("bo", Role.VIEWER, NOW.plusSeconds(60));

    assertEquals(Optional.of(operator), findByHash("hash of " + operator.id()));
    assertEquals(Optional.of(viewer), findByHash("hash of " + viewer.id()));
    assertEquals(Optional.empty(), findByHash("hash of " + operator.id() + "x"));
    assertRefused(transaction ->
        stores
            .operatorTokens()
            .insert(
                transaction,
                new OperatorToken(
                    ids.next(),
                    "eve",
                    Role.ADMIN,
                    true,
                    OptionalInt.empty(),
                    Optional.empty(),
                    NOW,
                    NOW),
                "hash of " + viewer.id()));
    assertEquals(Role.VIEWER, findByHash("hash of " + viewer.id()).orElseThrow().role());
  }

  @Test
  void anExpiredTokenFreesItsName() {
    insert("anna", Role.OPERATOR, NOW);
    OperatorToken valid = insert("anna", Role.VIEWER, NOW.plusSeconds(60));

    assertEquals(Optional.of(valid), findValid("anna", NOW));
    assertEquals(Optional.empty(), findValid("anna", NOW.plusSeconds(60)));
    assertEquals(Optional.empty(), findValid("Anna", NOW));
  }

  @Test
  void onlyAValidAdminAdministers() {
    assertFalse(hasAdmin(NOW));
    insert("anna", Role.OPERATOR, NOW.plusSeconds(60));
    assertFalse(hasAdmin(NOW));
    OperatorToken admin = insert("root", Role.ADMIN, NOW.plusSeconds(60));
    assertTrue(hasAdmin(NOW));
    assertFalse(hasAdmin(NOW.plusSeconds(60)));
    run(transaction -> stores.operatorTokens().delete(transaction, admin.id()));
    assertFalse(hasAdmin(NOW));
  }

  private boolean hasAdmin(Instant now) {
    return read(transaction -> stores.operatorTokens().hasAdmin(transaction, now));
  }

  @Test
  void aDeletedTokenIsToldOnce() {
    OperatorToken token = insert("anna", Role.OPERATOR, NOW.plusSeconds(60));

    assertEquals(
        Optional.of(token),
        write(transaction -> stores.operatorTokens().delete(transaction, token.id())));
    assertEquals(
        Optional.empty(),
        write(transaction -> stores.operatorTokens().delete(transaction, token.id())));
    assertEquals(Optional.empty(), findByHash("hash of " + token.id()));
  }

  @Test
  void onlyWhatExpiredBeforeIsForgotten() {
    OperatorToken earlier = insert("one", Role.VIEWER, NOW.minusMillis(1));
    OperatorToken then = insert("two", Role.VIEWER, NOW);

    run(transaction -> stores.operatorTokens().deleteExpired(transaction, NOW));

    assertEquals(Optional.empty(), findByHash("hash of " + earlier.id()));
    assertEquals(Optional.of(then), findByHash("hash of " + then.id()));
  }

  @Test
  void listsAreNewestFirst() {
    List<OperatorToken> made =
        List.of(
            insert("one", Role.VIEWER, NOW),
            insert("two", Role.VIEWER, NOW),
            insert("three", Role.VIEWER, NOW));

    assertEquals(
        made.reversed(),
        walk((transaction, page) -> stores.operatorTokens().page(transaction, page)));
  }
}
