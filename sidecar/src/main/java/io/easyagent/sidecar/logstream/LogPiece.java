package io.easyagent.sidecar.logstream;

/**
 * A piece of an agent's output.
 *
 * @param offset where it begins in all that the agent has ever written
 * @param next where it ends there; the data may have fewer bytes, because of what was taken out
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogPiece(long offset, long next, byte[] data) {}
