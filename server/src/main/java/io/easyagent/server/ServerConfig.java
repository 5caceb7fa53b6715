package io.easyagent.server;

import io.easyagent.server.access.GivenAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an operator decides about a server.
 *
 * @param data the server's folder
 * @param bind address that both ports listen on
 * @param hostPort 0: any free one
 * @param operatorPort 0: any free one
 * @param names DNS names and addresses that the server is reached by, the first one shown in
 *     enrolment commands
 * @param metricsInterval how often hosts report metrics
 * @param hostGoneAfter when a host that is offline will not speak of what it was sent any more
 * @param ephemeralGoneAfter an ephemeral host that is offline this long is removed
 * @param mostPackageBytes no larger package is taken
 * @param sidecarArchives folder with the install script and the sidecar's archives; empty: none
 * @param upkeep backups, upgrades, stopping and moving
 * @param authority the operator's own certificate authority; absent: the server makes one
 */
public record ServerConfig(
    Path data,
    String bind,
    int hostPort,
    int operatorPort,
    List<String> names,
    Duration metricsInterval,
    Duration hostGoneAfter,
    Duration ephemeralGoneAfter,
    long mostPackageBytes,
    Optional<Path> sidecarArchives,
    Upkeep upkeep,
    Optional<GivenAuthority> authority) {
  private static final int MOST_PORT = 65_535;

  /**
   * @throws IllegalArgumentException naming the key, its value and what was expected
   */
  public ServerConfig {
    names = List.copyOf(names);
    requirePort("hostPort", hostPort);
    requirePort("operatorPort", operatorPort);
    if (hostPort != 0 && hostPort == operatorPort) {
      throw new IllegalArgumentException(
          "operatorPort: " + operatorPort + " (expected: another port than hostPort)");
    }
    requireBetween("metricsInterval", metricsInterval, Duration.ofSeconds(1), Duration.ofHours(1));
    requireBetween("hostGoneAfter", hostGoneAfter, Duration.ofMinutes(1), Duration.ofDays(365));
    requireBetween(
        "ephemeralGoneAfter", ephemeralGoneAfter, Duration.ofSeconds(1), Duration.ofDays(30));
    if (mostPackageBytes < 1) {
      throw new IllegalArgumentException(
          "maxPackageBytes: " + mostPackageBytes + " (expected: at least 1)");
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names: none (expected: at least one)");
    }
  }

  private static void requirePort(String key, int port) {
    if (port < 0 || port > MOST_PORT) {
      throw new IllegalArgumentException(
          key + ": " + port + " (expected: 1 to " + MOST_PORT + ", or 0 for any free one)");
    }
  }

  static void requireBetween(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  static void requireBetween(String key, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          key + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }
}
