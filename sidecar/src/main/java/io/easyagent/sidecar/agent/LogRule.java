package io.easyagent.sidecar.agent;

import java.time.Duration;
import java.util.Optional;

/**
 * How an agent's output is kept.
 *
 * @param maxSize bytes at which the file that is written is rotated
 * @param keep rotated files kept
 * @param maxAge rotated files that are older go
 * @param compress whether rotated files are compressed
 */
public record LogRule(long maxSize, int keep, Optional<Duration> maxAge, boolean compress) {

  /** Without a limit of age, and not compressed. */
  public LogRule(long maxSize, int keep) {
    this(maxSize, keep, Optional.empty(), false);
  }
}
