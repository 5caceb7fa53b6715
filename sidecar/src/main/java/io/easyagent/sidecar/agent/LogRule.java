package io.easyagent.sidecar.agent;

/**
 * How an agent's output is kept.
 *
 * @param maxSize bytes of one file
 * @param keep rotated files kept
 */
public record LogRule(long maxSize, int keep) {}
