package io.easyagent.sidecar.session;

import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.TakenCommand;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was given. */
final class FakeOperations implements Operations {
  final List<TakenCommand> taken = new CopyOnWriteArrayList<>();
  final List<Set<OperationId>> agreements = new CopyOnWriteArrayList<>();
  final List<OperationId> cancelled = new CopyOnWriteArrayList<>();
  volatile Intake answer = new Intake.Taken();
  volatile Optional<RuntimeException> defect = Optional.empty();

  @Override
  public Intake take(TakenCommand command) {
    if (defect.isPresent()) {
      throw defect.get();
    }
    taken.add(command);
    return answer;
  }

  @Override
  public void agreed(Set<OperationId> over) {
    agreements.add(over);
  }

  @Override
  public void cancel(OperationId operation) {
    cancelled.add(operation);
  }
}
