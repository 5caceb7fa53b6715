package io.easyagent.server.operation;

import java.time.Instant;
import java.util.Optional;

/**
 * What is stored of an operation's end beside its state.
 *
 * @param message one line for an operator
 * @param startedAt by the host's clock, where it is known
 */
public record End(
    String message, Optional<ProcessEnd> processEnd, Output output, Optional<Instant> startedAt) {
  public static End because(String message) {
    return new End(message, Optional.empty(), Output.NONE, Optional.empty());
  }
}
