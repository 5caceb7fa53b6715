package io.easyagent.server.agent.definition;

import java.time.Duration;

/**
 * How an agent is stopped: the signal, the grace, then the whole tree is killed.
 *
 * @param signal without SIG, for example TERM
 */
public record StopRule(String signal, Duration grace) {
  static final StopRule DEFAULT = new StopRule("TERM", Duration.ofSeconds(30));
}
