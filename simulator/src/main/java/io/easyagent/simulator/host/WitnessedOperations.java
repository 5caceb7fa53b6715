package io.easyagent.simulator.host;

import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.TakenCommand;
import java.util.Set;

/** The sidecar's operations; the tasks are told beforehand whose launch theirs will be. */
record WitnessedOperations(Operations operations, SimulatedTasks tasks) implements Operations {

  @Override
  public Intake take(TakenCommand command) {
    if (command.command() instanceof Command.Exec) {
      tasks.expect(command.id());
    }
    Intake intake = operations.take(command);
    if (intake instanceof Intake.Failed || intake instanceof Intake.Refused) {
      tasks.expectNoMore(command.id());
    }
    return intake;
  }

  @Override
  public void cancel(OperationId operation) {
    operations.cancel(operation);
  }

  @Override
  public void agreed(Set<OperationId> over) {
    operations.agreed(over);
  }
}
