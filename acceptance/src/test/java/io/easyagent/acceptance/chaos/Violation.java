package io.easyagent.acceptance.chaos;

import java.time.Duration;

/**
 * A promise that was broken.
 *
 * @param subject what it is about: the name of an execution or an agent
 * @param when about when, for the history around it
 */
record Violation(Promise promise, String host, String subject, Duration when, String found) {
  enum Promise {
    KEPT("what was accepted stays known"),
    ENDED("what was accepted ends"),
    ONE_END("an operation has one end"),
    ONCE("a command runs at most once"),
    TRUE_END("an end says what happened"),
    TRUE_INTERRUPTED("INTERRUPTED is said only where it is true"),
    AGENT_AS_TOLD("an agent starts and stops as it is told"),
    AGENT_ALONE("an agent never runs twice"),
    AGENT_LIVES("an agent that nobody stopped runs");

    private final String words;

    Promise(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  @Override
  public String toString() {
    return "%s: %s on %s, at %s: %s"
        .formatted(promise.words(), subject, host, Moments.text(when), found);
  }
}
