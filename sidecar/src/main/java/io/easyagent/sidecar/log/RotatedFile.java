package io.easyagent.sidecar.log;

import java.time.Instant;

/**
 * A part of an agent's output that was rotated.
 *
 * @param start logical offset of its first byte
 * @param size bytes on the disk
 * @param modified when it was rotated: no line in it is younger
 */
record RotatedFile(long start, long size, Instant modified, boolean compressed) {

  /** Logical offset after its last byte; of a compressed file only its successor's start tells. */
  long plainEnd() {
    return compressed ? start : start + size;
  }
}
