package io.easyagent.sidecar.policy;

import java.util.Optional;

/** The rules as they are at this moment. Thread-safe. */
public interface PolicySource {

  State current();

  /** Why nobody may read agents' output from afar now, in one line. */
  default Optional<String> againstLogs() {
    return switch (current()) {
      case State.Unusable(String reason) ->
          new Verdict.Refused("it cannot be relied on: " + reason).refusal();
      case State.InForce(Policy policy) ->
          policy.logs()
              ? Optional.empty()
              : new Verdict.Refused(
                      "output of agents (expected: none is read, because logs: false)")
                  .refusal();
    };
  }

  /** Whether the host's rules are known. */
  sealed interface State {
    record InForce(Policy policy) implements State {}

    /**
     * They are not: no command may be taken.
     *
     * @param reason with the place, the value and what was expected
     */
    record Unusable(String reason) implements State {}
  }
}
