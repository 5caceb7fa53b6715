package io.easyagent.acceptance.walk;

import io.easyagent.api.Command;

/**
 * One operation in the life of the walk's agent, and what the witness must see of it.
 *
 * @param starts how often the agent is started by it
 * @param stops how often the agent is told to stop by it
 */
enum Step {
  INSTALL(0, 0),
  START(1, 0),
  CONFIGURE(1, 1),
  EXEC(0, 0),
  RESTART(1, 1),
  STOP(0, 1),
  UNINSTALL(0, 0);

  private final int starts;
  private final int stops;

  Step(int starts, int stops) {
    this.starts = starts;
    this.stops = stops;
  }

  int starts() {
    return starts;
  }

  int stops() {
    return stops;
  }

  /** After it the agent is to run. */
  boolean leavesRunning() {
    return switch (this) {
      case START, CONFIGURE, EXEC, RESTART -> true;
      case INSTALL, STOP, UNINSTALL -> false;
    };
  }

  Command command(WalkedAgent agent, Witness witness, String name) {
    return switch (this) {
      case INSTALL -> Command.define(Command.Kind.install, agent.definition("one"));
      case CONFIGURE -> Command.define(Command.Kind.configure, agent.definition("two"));
      case START -> Command.ofAgent(Command.Kind.start, agent.name());
      case RESTART -> Command.ofAgent(Command.Kind.restart, agent.name());
      case STOP -> Command.ofAgent(Command.Kind.stop, agent.name());
      case UNINSTALL -> Command.ofAgent(Command.Kind.uninstall, agent.name());
      case EXEC -> Command.script(Witness.COMMAND_SCRIPT, witness.file().toString(), name);
    };
  }
}
