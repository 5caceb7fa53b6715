package io.easyagent.server.problem;

import java.util.List;

/**
 * Why a request was not done. Nothing was changed.
 *
 * @param message what, the value and what was expected, in one line
 * @param faults every single thing that is wrong, with its place; empty when the message says it
 *     all
 */
public record Refusal(ErrorCode code, String message, List<Fault> faults) {
  public Refusal {
    faults = List.copyOf(faults);
  }

  public Refusal(ErrorCode code, String message) {
    this(code, message, List.of());
  }

  /**
   * @param place for example {@code filebeat.yml:12:3 stop.signl} or {@code targets.selector}
   */
  public record Fault(String place, String message) {}
}
