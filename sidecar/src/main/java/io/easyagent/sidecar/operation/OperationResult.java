package io.easyagent.sidecar.operation;

import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Output;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of an operation, as it is journalled and reported.
 *
 * @param message one line for an operator; for INTERRUPTED the reason
 * @param processEnd what ended the command's process, where there was one
 */
public record OperationResult(
    Outcome outcome,
    String message,
    Optional<ProcessEnd> processEnd,
    Output output,
    Instant startedAt,
    Instant finishedAt) {

  /** Of an operation that the host did not take, so that nothing was done for it. */
  public static OperationResult refused(String reason, Instant now) {
    return notRun("refused by the host: " + reason, now);
  }

  /** As {@link #refused}, with the whole message. */
  public static OperationResult notRun(String message, Instant now) {
    return new OperationResult(Outcome.FAILED, message, Optional.empty(), Output.NONE, now, now);
  }

  /** The same end; of the output only its length. */
  public OperationResult withoutOutput() {
    return new OperationResult(
        outcome,
        message,
        processEnd,
        new Output(new byte[0], new byte[0], output.totalBytes()),
        startedAt,
        finishedAt);
  }
}
