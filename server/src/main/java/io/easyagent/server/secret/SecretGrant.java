package io.easyagent.server.secret;

import io.easyagent.definition.Names;
import io.easyagent.definition.Shown;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which agents may use a secret. */
public sealed interface SecretGrant {
  int MOST_AGENTS = 256;

  /** Every agent, whatever its name. */
  record AllAgents() implements SecretGrant {}

  /**
   * @param names of agents, on every host
   */
  record Agents(SortedSet<String> names) implements SecretGrant {
    public Agents {
      names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }
  }

  /**
   * @throws RefusedException BAD_REQUEST for no name, too many, or one that no agent can have
   */
  static SecretGrant of(Collection<String> names) {
    if (names.isEmpty() || names.size() > MOST_AGENTS) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "agents: %d names (expected: 1 to %d)".formatted(names.size(), MOST_AGENTS));
    }
    for (String name : names) {
      if (!Names.isName(name)) {
        throw new RefusedException(
            ErrorCode.BAD_REQUEST,
            "agents: " + Shown.of(name) + " (expected: " + Names.EXPECTED_NAME + ")");
      }
    }
    return new Agents(new TreeSet<>(names));
  }

  default boolean permits(String agent) {
    return switch (this) {
      case AllAgents() -> true;
      case Agents(var names) -> names.contains(agent);
    };
  }

  /** For people and the audit log. */
  default String shown() {
    return switch (this) {
      case AllAgents() -> "all agents";
      case Agents(var names) -> "agents " + String.join(",", names);
    };
  }
}
