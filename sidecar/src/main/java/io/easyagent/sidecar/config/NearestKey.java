package io.easyagent.sidecar.config;

import io.easyagent.sidecar.spelling.EditDistance;
import java.util.Comparator;
import java.util.List;

/** Which known key a mistyped one may have meant. */
final class NearestKey {

  private NearestKey() {}

  static String of(String key, List<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(other -> EditDistance.between(key, other)))
        .orElseThrow();
  }
}
