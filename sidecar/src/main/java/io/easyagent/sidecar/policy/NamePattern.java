package io.easyagent.sidecar.policy;

import java.util.Collection;

/**
 * A name, or with a {@code *} at its end every name that begins so.
 *
 * @param text as the file has it
 */
public record NamePattern(String text) {

  boolean matches(String name) {
    return text.endsWith("*")
        ? name.startsWith(text.substring(0, text.length() - 1))
        : name.equals(text);
  }

  static boolean anyMatches(Collection<NamePattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name));
  }

  @Override
  public String toString() {
    return text;
  }
}
