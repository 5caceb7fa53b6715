package io.easyagent.server.transport;

import io.easyagent.definition.Nearest;
import java.util.Collection;
import java.util.TreeSet;

/** What is said after the name of a key that nobody knows. */
final class Unknown {
  private Unknown() {}

  static String hint(String word, Collection<String> known) {
    return Nearest.find(word, known)
        .map(nearest -> " (did you mean `" + nearest + "`?)")
        .orElse(
            known.isEmpty()
                ? " (expected: none)"
                : " (expected: one of " + String.join(", ", new TreeSet<>(known)) + ")");
  }
}
