package io.easyagent.server;

import io.easyagent.server.retention.Bound;
import java.time.Duration;

/**
 * What an operator decides about how long the past is remembered.
 *
 * @param operations that have ended, in number
 * @param outputs in bytes; never for longer than the operations
 * @param events in number
 * @param audit entries of the audit log, in number
 */
public record RetentionRules(Bound operations, Bound outputs, Bound events, Bound audit) {
  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final long FEWEST = 1_000;
  private static final long MOST = 1_000_000_000;
  private static final long FEWEST_BYTES = 1 << 20;
  private static final long MOST_BYTES = 1L << 40;

  public static final RetentionRules USUAL =
      new RetentionRules(
          new Bound(Duration.ofDays(30), 1_000_000),
          new Bound(Duration.ofDays(7), 1L << 30),
          new Bound(Duration.ofDays(30), 1_000_000),
          new Bound(Duration.ofDays(400), 1_000_000));

  /**
   * @throws IllegalArgumentException naming the key, its value and what was expected
   */
  public RetentionRules {
    check("operationsKeptFor", "maxOperations", operations, FEWEST, MOST);
    check("outputsKeptFor", "maxOutputBytes", outputs, FEWEST_BYTES, MOST_BYTES);
    check("eventsKeptFor", "maxEvents", events, FEWEST, MOST);
    check("auditKeptFor", "maxAuditEntries", audit, FEWEST, MOST);
    if (outputs.age().compareTo(operations.age()) > 0) {
      throw new IllegalArgumentException(
          "outputsKeptFor: %s (expected: at most operationsKeptFor, %s)"
              .formatted(outputs.age(), operations.age()));
    }
  }

  private static void check(String ageKey, String mostKey, Bound bound, long fewest, long most) {
    ServerConfig.requireBetween(ageKey, bound.age(), SHORTEST, LONGEST);
    ServerConfig.requireBetween(mostKey, bound.most(), fewest, most);
  }
}
