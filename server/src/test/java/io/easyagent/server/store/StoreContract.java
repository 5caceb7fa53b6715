package io.easyagent.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the contracts of stores have in common: a database of their own for every test. */
public abstract class StoreContract {
  protected static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder;
  protected StoresUnderTest stores;

  /** A new, empty database. */
  protected abstract StoresUnderTest open(Path emptyFolder);

  @BeforeEach
  void openStores() {
    stores = open(folder);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  protected final <T> T write(Writer.Work<T> work) {
    return stores.writer().write(work);
  }

  /** Whether a change that says so was made. */
  protected final boolean done(Writer.Work<Boolean> change) {
    return stores.writer().write(change);
  }

  protected final void run(Writer.Action action) {
    stores.writer().run(action);
  }

  protected final <T> T read(Writer.Work<T> work) {
    return stores.reader().read(work);
  }

  /** The action is refused by the store, and what the transaction did before it stays. */
  protected final void assertRefused(Writer.Action action) {
    boolean refused =
        done(transaction -> transaction.attempt(() -> action.run(transaction)).isPresent());
    assertTrue(refused, "taken");
  }

  protected final HostId host(String name) {
    return host(name, Map.of());
  }

  protected final HostId host(String name, Map<String, String> labels) {
    HostId id = new HostId(UUID.randomUUID());
    run(transaction ->
        stores.hosts().insert(transaction, id, name, "machine of " + name, labels, NOW));
    return id;
  }

  /** Every item of a list, read in pages of two: each once, with the same total on every page. */
  protected final <T> List<T> walk(BiFunction<Transaction, PageRequest, Page<T>> list) {
    List<T> items = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      PageRequest request = new PageRequest(2, cursor);
      Page<T> page = read(transaction -> list.apply(transaction, request));
      assertTrue(page.items().size() <= 2, page.toString());
      items.addAll(page.items());
      totals.add(page.total());
      cursor = page.next();
      assertTrue(cursor.isEmpty() || page.items().size() == 2, "a short page that is not the last");
    } while (cursor.isPresent());
    assertEquals(items.size(), new HashSet<>(items).size(), "an item twice");
    assertEquals(List.of((long) items.size()), totals.stream().distinct().toList());
    return items;
  }
}
