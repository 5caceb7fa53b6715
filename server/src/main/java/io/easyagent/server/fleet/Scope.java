package io.easyagent.server.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a caller may do with hosts. Everything that callers read and change is asked for {@code
 * within} a scope: hosts outside of it, and what is on them, are not there for the caller.
 *
 * @param hosts the hosts that there are for the caller; empty: every host
 * @param mostHosts how many hosts one request may command; empty: any number
 * @param commandLines may bring command lines to hosts: exec, scripts, and definitions that run
 *     anything but their package's own program
 * @param reservedLabels may change labels that decide over other callers' scopes
 */
public record Scope(
    Optional<Selector> hosts, OptionalInt mostHosts, boolean commandLines, boolean reservedLabels) {

  /** Of the server itself. */
  public static final Scope ALL = new Scope(Optional.empty(), OptionalInt.empty(), true, true);

  /** The selector, of the hosts within the scope. */
  public Optional<Selector> narrow(Optional<Selector> selector) {
    if (hosts.isEmpty() || selector.isEmpty()) {
      return hosts.isEmpty() ? selector : hosts;
    }
    List<Selector.Requirement> both = new ArrayList<>(hosts.get().requirements());
    both.addAll(selector.get().requirements());
    boolean nothing =
        hosts.get().requirements().isEmpty() || selector.get().requirements().isEmpty();
    return Optional.of(new Selector(nothing ? List.of() : both));
  }
}
