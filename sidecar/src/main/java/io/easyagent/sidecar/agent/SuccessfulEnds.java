package io.easyagent.sidecar.agent;

import java.util.Set;

/**
 * Ends of a process that are a success beside exit status 0.
 *
 * @param statuses 0 to 255
 * @param signals without SIG, for example TERM
 */
public record SuccessfulEnds(Set<Integer> statuses, Set<String> signals) {
  public static final SuccessfulEnds NONE_BUT_ZERO = new SuccessfulEnds(Set.of(), Set.of());

  public SuccessfulEnds {
    statuses = Set.copyOf(statuses);
    signals = Set.copyOf(signals);
  }
}
