package io.easyagent.sidecar.agent;

import java.time.Duration;
import java.util.List;

/**
 * A command that runs to its end before or after the agent's process, in its place: as its user, in
 * its environment, folder and limits.
 *
 * @param timeout counted from its launch; then its whole tree is killed
 */
public record Hook(List<String> command, Duration timeout) {
  public Hook {
    command = List.copyOf(command);
  }
}
