package io.easyagent.server.fleet;

import java.util.List;
import java.util.Set;

/**
 * Chooses hosts: a host matches when every requirement does. A selector without any matches
 * nothing.
 */
public record Selector(List<Requirement> requirements) {
  public Selector {
    requirements = List.copyOf(requirements);
  }

  /** What a requirement is about. */
  public sealed interface Subject {
    String name();

    record Label(String name) implements Subject {}

    /** Written {@code fact.NAME}. */
    record Fact(String name) implements Subject {}
  }

  /** One condition. */
  public sealed interface Requirement {
    Subject subject();

    /** {@code name} or {@code name exists}. */
    record Exists(Subject subject) implements Requirement {}

    /** {@code !name}. */
    record Absent(Subject subject) implements Requirement {}

    /** {@code name=a} and {@code name in (a,b)}. */
    record In(Subject subject, Set<String> values) implements Requirement {
      public In {
        values = Set.copyOf(values);
      }
    }

    /** {@code name!=a} and {@code name notin (a,b)}; matches hosts without the subject too. */
    record NotIn(Subject subject, Set<String> values) implements Requirement {
      public NotIn {
        values = Set.copyOf(values);
      }
    }
  }
}
