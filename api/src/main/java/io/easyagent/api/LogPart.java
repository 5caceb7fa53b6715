package io.easyagent.api;

/**
 * A part of an agent's output. The next part begins where it ends; where it begins later, what lies
 * between was not kept, and where it begins earlier, the output was truncated.
 *
 * @param offset where it begins in all that the agent has ever written, in bytes
 * @param next where it ends there; values of secrets that were taken out are counted
 */
public record LogPart(long offset, long next, String text) {}
