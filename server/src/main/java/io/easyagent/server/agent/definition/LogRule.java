package io.easyagent.server.agent.definition;

/**
 * How an agent's output is kept.
 *
 * @param maxSize bytes of one file
 * @param keep rotated files kept
 */
public record LogRule(long maxSize, int keep) {
  static final LogRule DEFAULT = new LogRule(20L << 20, 5);
}
