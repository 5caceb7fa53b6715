package io.easyagent.server.id;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Makes every id of the server: UUIDv7 (RFC 9562), whose text sorts by the time of its making. Two
 * ids of one mint never compare equal or out of order, also when the clock steps back. Thread-safe.
 */
public final class IdMint {
  private static final int COUNTER_BITS = 12;
  private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

  private final InstantSource clock;
  private final SecureRandom random;
  private long lastTick;

  public IdMint(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** A tick is a millisecond and a counter in it: a full counter borrows from the next one. */
  public UUID next() {
    long tick;
    synchronized (this) {
      tick = Math.max(clock.millis() << COUNTER_BITS, lastTick + 1);
      lastTick = tick;
    }
    long most = (tick >>> COUNTER_BITS) << 16 | VERSION | (tick & COUNTER_MASK);
    return new UUID(most, VARIANT | (random.nextLong() & VARIANT_MASK));
  }
}
