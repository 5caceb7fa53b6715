package io.easyagent.server.id;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the ids of the server, but those of hosts, of two kinds (RFC 9562):
 *
 * <ul>
 *   <li>Ids of what is accepted one after another (operations, batches, tokens) are UUIDv7: their
 *       text sorts by the time of its making. Two ids of one mint never compare equal or out of
 *       order, also when the clock steps back, and differ in their first {@value #ORDERED_PREFIX}
 *       characters.
 *   <li>Ids of what people point at by its first digits (agents) are UUIDv4, which differ from the
 *       first digit on. Those of hosts follow from their enrolment, and differ as early.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class IdMint {
  /** Of an ordered id's text, the part that holds the time and the counter. */
  public static final int ORDERED_PREFIX = 18;

  private static final Pattern ORDERED =
      Pattern.compile("([0-9a-f]{8})-([0-9a-f]{4})(-7[0-9a-f-]{0,22})?");

  private static final int COUNTER_BITS = 12;
  private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
  private static final long VERSION = 0x7000L;
  private static final long RANDOM_VERSION = 0x4000L;
  private static final long RANDOM_VERSION_MASK = 0xffff_ffff_ffff_0fffL;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

  private final InstantSource clock;
  private final SecureRandom random;
  private long lastTick;

  public IdMint(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * An id that sorts after every earlier one. A tick is a millisecond and a counter in it: a full
   * counter borrows from the next one.
   */
  public UUID next() {
    long tick;
    synchronized (this) {
      tick = Math.max(clock.millis() << COUNTER_BITS, lastTick + 1);
      lastTick = tick;
    }
    long most = (tick >>> COUNTER_BITS) << 16 | VERSION | (tick & COUNTER_MASK);
    return new UUID(most, VARIANT | (random.nextLong() & VARIANT_MASK));
  }

  /**
   * When an ordered id was made.
   *
   * @param text an id, or so much of its beginning that it tells the time
   * @return empty when it does not
   */
  public static Optional<Instant> madeAt(String text) {
    Matcher matcher = ORDERED.matcher(text);
    return matcher.matches()
        ? Optional.of(Instant.ofEpochMilli(Long.parseLong(matcher.group(1) + matcher.group(2), 16)))
        : Optional.empty();
  }

  /** An id that says nothing: not when it was made, nor what was made beside it. */
  public UUID nextRandom() {
    return new UUID(
        random.nextLong() & RANDOM_VERSION_MASK | RANDOM_VERSION,
        VARIANT | (random.nextLong() & VARIANT_MASK));
  }
}
