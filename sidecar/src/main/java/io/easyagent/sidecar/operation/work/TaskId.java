package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.OperationId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** By which a task of an operation is found again. */
public final class TaskId {

  private TaskId() {}

  /** Of the one task that an exec launches. */
  public static UUID ofExec(OperationId operation) {
    return of(operation, new RunCommand.Launch(), "");
  }

  /** Always the same for the same step and subject. */
  static UUID of(OperationId operation, Step step, String subject) {
    String name = operation + "/" + step.name() + "/" + subject;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
