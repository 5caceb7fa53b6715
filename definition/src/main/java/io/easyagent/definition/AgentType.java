package io.easyagent.definition;

/** What kind of life an agent has. */
public enum AgentType {
  /** Runs until it is stopped. */
  SERVICE,
  /** Runs to its end once each time it is started. */
  ONESHOT,
  /** Runs to its end at the times of its schedule. */
  SCHEDULED
}
