package io.easyagent.sidecar.agent;

import java.time.Duration;
import java.util.List;

/** A shell script with its parameters, in the manner of EasyAgent 1.0. */
public record Script(String script, List<String> parameters, Duration timeout) {
  public Script {
    parameters = List.copyOf(parameters);
  }
}
