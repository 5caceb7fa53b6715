package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.store.StoreContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link AuditStore} promises. */
public abstract class AuditStoreContract extends StoreContract {
  private AuditEntry insert(long sequence) {
    AuditEntry entry =
        new AuditEntry(
            sequence,
            NOW.plusMillis(sequence),
            new AuditEntry.Origin("anna", "10.0.0.1"),
            new AuditEntry.Act("batch.exec", "-l role=web uptime ü", 8_000),
            "hash " + sequence);
    run(transaction -> stores.audit().insert(transaction, entry));
    return entry;
  }

  @Test
  void theLastEntryIsTheOneWithTheHighestNumber() {
    assertEquals(Optional.empty(), read(stores.audit()::last));
    for (long sequence = 1; sequence <= 11; sequence++) {
      AuditEntry entry = insert(sequence);
      assertEquals(Optional.of(entry), read(stores.audit()::last));
    }
  }

  @Test
  void aNumberIsTakenOnce() {
    AuditEntry first = insert(1);

    assertRefused(transaction ->
        stores
            .audit()
            .insert(
                transaction, new AuditEntry(1, NOW, first.origin(), first.act(), "another hash")));

    assertEquals(Optional.of(first), read(stores.audit()::last));
  }

  @Test
  void listsAreNewestFirst() {
    List<AuditEntry> made = new ArrayList<>();
    for (long sequence = 1; sequence <= 11; sequence++) {
      made.add(insert(sequence));
    }

    assertEquals(
        made.reversed(), walk((transaction, page) -> stores.audit().page(transaction, page)));
  }
}
