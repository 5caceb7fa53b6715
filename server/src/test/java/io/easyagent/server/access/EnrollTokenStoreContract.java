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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link EnrollTokenStore} promises. */
public abstract class EnrollTokenStoreContract extends StoreContract {
  private final IdMint ids = new IdMint(new FakeClock(NOW), new SecureRandom());

  private EnrollToken insert(String hash, int uses, Instant expiresAt) {
    EnrollToken token =
        new EnrollToken(
            ids.next(),
            Map.of("role", "web", "name", "ü"),
            uses,
            uses,
            List.of("10.0.0.0/8", "::1"),
            true,
            NOW,
            expiresAt,
            "anna");
    run(transaction -> stores.enrollTokens().insert(transaction, token, hash));
    return token;
  }

  private Optional<EnrollToken> find(String hash) {
    return read(transaction -> stores.enrollTokens().findBySecret(transaction, hash));
  }

  private boolean takeUse(UUID id) {
    return write(transaction -> stores.enrollTokens().takeUse(transaction, id));
  }

  @Test
  void aTokenIsFoundByItsSecretAlone() {
    EnrollToken token = insert("hash", 2, NOW.plusSeconds(60));

    assertEquals(Optional.of(token), find("hash"));
    assertEquals(Optional.empty(), find("has"));
    assertEquals(Optional.empty(), find(token.id().toString()));
  }

  @Test
  void aSecretIsUsedOnce() {
    insert("hash", 1, NOW.plusSeconds(60));

    assertRefused(transaction ->
        stores
            .enrollTokens()
            .insert(
                transaction,
                new EnrollToken(ids.next(), Map.of(), 1, 1, List.of(), false, NOW, NOW, "bo"),
                "hash"));

    assertEquals("anna", find("hash").orElseThrow().createdBy());
  }

  @Test
  void usesAreTakenUntilNoneIsLeft() {
    EnrollToken token = insert("hash", 2, NOW.plusSeconds(60));
    EnrollToken other = insert("other", 1, NOW.plusSeconds(60));

    assertTrue(takeUse(token.id()));
    assertEquals(1, find("hash").orElseThrow().usesLeft());
    assertEquals(2, find("hash").orElseThrow().uses());
    assertTrue(takeUse(token.id()));
    assertFalse(takeUse(token.id()));

    assertEquals(0, find("hash").orElseThrow().usesLeft());
    assertTrue(takeUse(other.id()));
    assertFalse(takeUse(UUID.randomUUID()));
  }

  @Test
  void aDeletedTokenIsGone() {
    EnrollToken token = insert("hash", 2, NOW.plusSeconds(60));

    assertTrue(done(transaction -> stores.enrollTokens().delete(transaction, token.id())));

    assertFalse(done(transaction -> stores.enrollTokens().delete(transaction, token.id())));
    assertEquals(Optional.empty(), find("hash"));
    assertFalse(takeUse(token.id()));
  }

  @Test
  void onlyWhatExpiredBeforeIsForgotten() {
    insert("earlier", 1, NOW.minusMillis(1));
    EnrollToken then = insert("then", 1, NOW);

    run(transaction -> stores.enrollTokens().deleteExpiredBefore(transaction, NOW));

    assertEquals(Optional.empty(), find("earlier"));
    assertEquals(Optional.of(then), find("then"));
  }

  @Test
  void listsAreNewestFirst() {
    List<EnrollToken> made = List.of(insert("1", 1, NOW), insert("2", 1, NOW), insert("3", 1, NOW));

    assertEquals(
        made.reversed(),
        walk((transaction, page) -> stores.enrollTokens().page(transaction, page)));
  }
}
