package io.easyagent.definition;

import java.time.Duration;
import java.util.List;

/** A shell script with its parameters, in the manner of EasyAgent 1.0. */
public record Script(String script, List<String> parameters, Duration timeout) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  public Script {
    parameters = List.copyOf(parameters);
  }
}
