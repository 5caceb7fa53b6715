package io.easyagent.sidecar.policy;

/** The rules as they are at this moment. Thread-safe. */
public interface PolicySource {

  State current();

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
