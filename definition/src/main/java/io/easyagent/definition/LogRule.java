package io.easyagent.definition;

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
  public static final LogRule DEFAULT = new LogRule(20L << 20, 5, Optional.empty(), false);
}
