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
    Instant finishedAt) {}
