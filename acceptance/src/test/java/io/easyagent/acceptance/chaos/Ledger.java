package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Order.End;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What the client knows was accepted, and what it was told became of it. Safe for threads. */
final class Ledger {
  private final Map<Key, Order> orders = new LinkedHashMap<>();
  private final List<Restoration> restorations = new ArrayList<>();
  private long refused;

  private record Key(UUID batch, String host) {}

  synchronized void accepted(Order order) {
    orders.put(new Key(order.batch(), order.host()), order);
  }

  /** The server said that it would not take an order for now; it was asked again. */
  synchronized void refused() {
    refused++;
  }

  synchronized long refusals() {
    return refused;
  }

  synchronized void ended(UUID batch, String host, End end) {
    change(batch, host, order -> order.with(end));
  }

  synchronized void askedToCancel(UUID batch, String host) {
    change(
        batch,
        host,
        order ->
            order.deed() instanceof Deed.Execution execution
                ? order.of(
                    new Deed.Execution(
                        execution.name(), execution.status(), execution.hurried(), true))
                : order);
  }

  private void change(UUID batch, String host, UnaryOperator<Order> change) {
    orders.computeIfPresent(new Key(batch, host), (key, order) -> change.apply(order));
  }

  /** The server is being restored: from now on it may have forgotten things. */
  synchronized void restoring(Restoration restoration) {
    restorations.add(restoration);
  }

  synchronized void restored(Restoration restoration) {
    restorations.set(restorations.size() - 1, restoration);
  }

  synchronized List<Order> orders() {
    return List.copyOf(orders.values());
  }

  synchronized List<Restoration> restorations() {
    return List.copyOf(restorations);
  }

  synchronized Order require(UUID batch, String host) {
    Order order = orders.get(new Key(batch, host));
    if (order == null) {
      throw new IllegalArgumentException("batch " + batch + " has no order for " + host);
    }
    return order;
  }
}
