package io.easyagent.server;

import java.time.Duration;
import java.util.List;

/**
 * What an operator decides about a server that lives for years.
 *
 * @param announced {@code HOST:PORT} that hosts are told to try from now on, the first one first;
 *     empty: they go on with what they have
 * @param backupWarningAfter when it is said that the last backup is old
 * @param upgradeBackups how many copies of the store from before upgrades are kept
 * @param drainTimeout how long requests that run may go on when the server stops
 * @param retention how long the past is remembered
 * @param limits how much there may be at a time
 */
public record Upkeep(
    List<String> announced,
    Duration backupWarningAfter,
    int upgradeBackups,
    Duration drainTimeout,
    RetentionRules retention,
    ServerLimits limits) {
  public static final Upkeep USUAL =
      new Upkeep(
          List.of(),
          Duration.ofDays(7),
          3,
          Duration.ofSeconds(20),
          RetentionRules.USUAL,
          ServerLimits.USUAL);

  /** What a sidecar keeps; a longer list would only make it slow to come back. */
  static final int MOST_ANNOUNCED = 8;

  private static final int MOST_UPGRADE_BACKUPS = 100;

  /**
   * @throws IllegalArgumentException naming the key, its value and what was expected
   */
  public Upkeep {
    announced = List.copyOf(announced);
    if (announced.size() > MOST_ANNOUNCED) {
      throw new IllegalArgumentException(
          "announcedAddresses: %d addresses (expected: at most %d)"
              .formatted(announced.size(), MOST_ANNOUNCED));
    }
    announced.forEach(HostAddress::require);
    ServerConfig.requireBetween(
        "backupWarningAfter", backupWarningAfter, Duration.ofHours(1), Duration.ofDays(365));
    ServerConfig.requireBetween(
        "drainTimeout", drainTimeout, Duration.ZERO, Duration.ofMinutes(10));
    if (upgradeBackups < 1 || upgradeBackups > MOST_UPGRADE_BACKUPS) {
      throw new IllegalArgumentException(
          "upgradeBackups: %d (expected: 1 to %d)".formatted(upgradeBackups, MOST_UPGRADE_BACKUPS));
    }
  }
}
