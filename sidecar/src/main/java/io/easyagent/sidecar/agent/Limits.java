package io.easyagent.sidecar.agent;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What an agent may use; empty is no limit of the definition's.
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

  /** Without limits that are not of the whole tree or of its open files. */
  public Limits(
      OptionalDouble cpu, OptionalLong memory, OptionalLong tasks, OptionalLong openFiles) {
    this(cpu, memory, tasks, openFiles, OptionalLong.empty(), OptionalLong.empty());
  }
}
