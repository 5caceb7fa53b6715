package io.easyagent.definition;

import java.util.List;

/**
 * Ends of a process that are a success beside exit status 0. Lists that name the same are equal,
 * whatever their order.
 *
 * @param statuses 1 to 255, in order
 * @param signals without SIG, in order
 */
public record SuccessfulEnds(List<Integer> statuses, List<String> signals) {
  public static final SuccessfulEnds NONE_BUT_ZERO = new SuccessfulEnds(List.of(), List.of());

  public SuccessfulEnds {
    statuses = statuses.stream().filter(status -> status != 0).sorted().distinct().toList();
    signals = signals.stream().sorted().distinct().toList();
  }
}
