package io.easyagent.simulator.connection;

/** How a host's connections behave. */
public enum Manner {
  NORMAL,
  /** What the server sends is not read; what the host has to say is sent. */
  SLOW,
  /** Nothing comes and nothing goes, and no connection is closed: the link is half open. */
  SILENT
}
