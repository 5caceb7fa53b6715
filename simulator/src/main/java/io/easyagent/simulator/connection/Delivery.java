package io.easyagent.simulator.connection;

/** How a host's numbered events reach the server. */
public enum Delivery {
  IN_ORDER,
  /** The events of each batch come twice. */
  DUPLICATED,
  /** The events of each batch come in the reverse of their order. */
  REORDERED
}
