package io.easyagent.server.agent.definition;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What an agent's whole tree may use; empty is no limit.
 *
 * @param cpu cores
 * @param memory bytes
 */
public record Limits(
    OptionalDouble cpu, OptionalLong memory, OptionalLong tasks, OptionalLong openFiles) {
  public static final Limits NONE =
      new Limits(
          OptionalDouble.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
}
