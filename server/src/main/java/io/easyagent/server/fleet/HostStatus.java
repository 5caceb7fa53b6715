package io.easyagent.server.fleet;

/** Presence is the open session. */
public enum HostStatus {
  ONLINE,
  OFFLINE,
  /** Enrolled and never connected, or awaiting an operator's approval. */
  PENDING,
  /** Two machines claim this identity; it gets no commands until an operator decides. */
  CONFLICTED
}
