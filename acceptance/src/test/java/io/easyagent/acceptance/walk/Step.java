package io.easyagent.acceptance.walk;

import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.api.Command;
import java.util.Optional;

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
      case INSTALL -> Fleet.define(Command.Kind.install, agent.definition("one"));
      case CONFIGURE -> Fleet.define(Command.Kind.configure, agent.definition("two"));
      case START -> Fleet.command(Command.Kind.start, Optional.of(agent.name()));
      case RESTART -> Fleet.command(Command.Kind.restart, Optional.of(agent.name()));
      case STOP -> Fleet.command(Command.Kind.stop, Optional.of(agent.name()));
      case UNINSTALL -> Fleet.command(Command.Kind.uninstall, Optional.of(agent.name()));
      case EXEC ->
          Fleet.script(Witness.COMMAND_SCRIPT, java.util.List.of(witness.file().toString(), name));
    };
  }
}
