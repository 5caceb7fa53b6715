package io.easyagent.sidecar.agent;

/** What an agent was last told to be. */
public enum DesiredState {
  STOPPED,
  RUNNING
}
