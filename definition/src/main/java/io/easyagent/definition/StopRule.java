package io.easyagent.definition;

import java.time.Duration;

/**
 * How an agent is stopped: the signal, the grace, then the whole tree is killed.
 *
 * @param signal without SIG, for example TERM
 */
public record StopRule(String signal, Duration grace) {
  public static final StopRule DEFAULT = new StopRule("TERM", Duration.ofSeconds(30));
}
