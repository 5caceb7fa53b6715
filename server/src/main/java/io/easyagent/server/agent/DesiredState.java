package io.easyagent.server.agent;

/** What an agent was last told to be. */
public enum DesiredState {
  STOPPED,
  RUNNING
}
