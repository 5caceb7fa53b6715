package io.easyagent.sidecar.policy;

import java.util.Optional;

/** What the rules say of a demand. */
public sealed interface Verdict {
  Verdict ALLOWED = new Allowed();

  record Allowed() implements Verdict {}

  /**
   * @param reason what, the value, and what was expected
   */
  record Refused(String reason) implements Verdict {}

  /** The reason of a refusal, as operators read it. */
  default Optional<String> refusal() {
    return switch (this) {
      case Allowed() -> Optional.empty();
      case Refused(String reason) -> Optional.of("refused by the host's policy: " + reason);
    };
  }
}
