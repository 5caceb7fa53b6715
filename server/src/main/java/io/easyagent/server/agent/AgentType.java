package io.easyagent.server.agent;

/** What kind of life an agent has. */
public enum AgentType {
  SERVICE,
  ONESHOT,
  SCHEDULED
}
