package io.easyagent.acceptance.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All that is known from outside of the system.
 *
 * @param orders in the order in which they were accepted
 * @param witnesses by host, in the order in which they spoke
 * @param gone agents that had ended without having been told to, as seen from outside
 * @param steady agents that are told nothing, started once before the first fault
 * @param settled no fault lasts, and all that was accepted had its time to end
 * @param seen when it was written
 */
record History(
    List<Order> orders,
    List<Strike> strikes,
    List<Restoration> restorations,
    Map<String, List<Testimony>> witnesses,
    List<Missing> gone,
    String steady,
    boolean settled,
    Duration seen) {
  /** An agent whose last word was that it started, and whose process is not there. */
  record Missing(String host, Testimony last, Duration seen) {}

  History {
    orders = List.copyOf(orders);
    strikes = List.copyOf(strikes);
    restorations = List.copyOf(restorations);
    witnesses = Map.copyOf(witnesses);
    gone = List.copyOf(gone);
  }
}
