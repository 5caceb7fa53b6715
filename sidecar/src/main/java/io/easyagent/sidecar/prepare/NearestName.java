package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.spelling.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant. */
final class NearestName {
  private NearestName() {}

  /** The known name with the fewest edits, when they are few for its length. */
  static Optional<String> find(String name, Collection<String> known) {
    return known.stream()
        .filter(candidate ->
            EditDistance.between(name, candidate) <= Math.max(2, candidate.length() / 3))
        .min(
            Comparator.comparingInt((String candidate) -> EditDistance.between(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }
}
