package io.easyagent.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * @param labels given to every host that enrols with the token
 * @param uses how many hosts may enrol (default 1)
 * @param lifetime for example {@code 1h} (the default); at most 30d
 * @param networks source networks in CIDR notation; absent: any
 * @param ephemeral the hosts are short-lived: removed once offline for a while (default false)
 */
public record EnrollTokenRequest(
    Optional<Map<String, String>> labels,
    Optional<Integer> uses,
    Optional<String> lifetime,
    Optional<List<String>> networks,
    Optional<Boolean> ephemeral) {
  /** For hosts that stay. */
  public EnrollTokenRequest(
      Optional<Map<String, String>> labels,
      Optional<Integer> uses,
      Optional<String> lifetime,
      Optional<List<String>> networks) {
    this(labels, uses, lifetime, networks, Optional.empty());
  }
}
