package io.easyagent.definition;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What an agent may use; empty is no limit.
 *
 * @param cpu cores
 * @param memory bytes
 * @param core bytes of one core file
 * @param processes of the agent's user, all its processes together
 */
public record Limits(
    OptionalDouble cpu,
    OptionalLong memory,
    OptionalLong tasks,
    OptionalLong openFiles,
    OptionalLong core,
    OptionalLong processes) {
  public static final Limits NONE =
      new Limits(
          OptionalDouble.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());
}
