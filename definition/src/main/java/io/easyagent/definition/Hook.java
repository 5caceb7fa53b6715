package io.easyagent.definition;

import java.time.Duration;
import java.util.List;

/**
 * A command that runs to its end before or after the agent's process, in its place.
 *
 * @param timeout counted from its launch; then its whole tree is killed
 */
public record Hook(List<String> command, Duration timeout) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  public Hook {
    command = List.copyOf(command);
  }
}
