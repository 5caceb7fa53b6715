package io.easyagent.cli.progress;

import io.easyagent.api.Operation;
import io.easyagent.cli.console.Tint;
import java.util.Locale;

/** How an operation's state and end are said. */
public final class OperationText {
  private OperationText() {}

  /** Why it ended as it did: the exit status or signal, and what the host said. */
  public static String cause(Operation operation) {
    String message = operation.message().strip();
    String end =
        operation
            .exitStatus()
            .map(status -> "exit " + status)
            .or(() -> operation.signal().map(signal -> "signal " + signal))
            .orElse("");
    if (end.isEmpty() || message.contains(end)) {
      return message;
    }
    return message.isEmpty() ? end : end + ": " + message;
  }

  public static String word(Operation.State state) {
    return state == Operation.State.succeeded ? "ok" : state.name().toUpperCase(Locale.ROOT);
  }

  public static Tint tint(Operation.State state) {
    return switch (state) {
      case queued, sent, running -> Tint.plain;
      case succeeded -> Tint.good;
      case failed, interrupted -> Tint.bad;
      case cancelled, expired -> Tint.warning;
    };
  }
}
