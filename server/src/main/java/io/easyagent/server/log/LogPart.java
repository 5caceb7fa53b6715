package io.easyagent.server.log;

/**
 * A part of an agent's output.
 *
 * @param offset where it begins in all that the agent has ever written, in bytes
 * @param next where it ends there; the data may have fewer bytes, because secrets were taken out
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogPart(long offset, long next, byte[] data) {
  /** Bytes of data. */
  public static final int LARGEST = 64 << 10;
}
