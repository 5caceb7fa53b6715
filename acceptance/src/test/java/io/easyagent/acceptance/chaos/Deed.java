package io.easyagent.acceptance.chaos;

import io.easyagent.api.Command;

/** What was ordered of one host. */
sealed interface Deed {
  /**
   * A command.
   *
   * @param name of this one execution, in the witnesses' words
   * @param status that it exits with, when it gets to its end
   * @param hurried its deadline may come before its end
   * @param cancelled it was asked to be cancelled
   */
  record Execution(String name, int status, boolean hurried, boolean cancelled) implements Deed {}

  /** A step in the life of an agent. */
  record Life(String agent, Command.Kind kind) implements Deed {}
}
