package io.easyagent.sidecar.wire;

import com.google.protobuf.ByteString;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.process.Signals;
import io.easyagent.sidecar.supervise.Tasks.Output;
import java.util.Optional;

/** Results of operations, on the wire and in the journal. */
public final class ResultCodec {

  private ResultCodec() {}

  public static io.easyagent.protocol.OperationResult encode(
      OperationId operation, String generation, OperationResult result) {
    var message =
        io.easyagent.protocol.OperationResult.newBuilder()
            .setOperationId(Fields.bytes(operation))
            .setGeneration(Fields.bytes(generation))
            .setOutcome(
                switch (result.outcome()) {
                  case SUCCEEDED -> io.easyagent.protocol.OperationResult.Outcome.SUCCEEDED;
                  case FAILED -> io.easyagent.protocol.OperationResult.Outcome.FAILED;
                  case CANCELLED -> io.easyagent.protocol.OperationResult.Outcome.CANCELLED;
                  case EXPIRED -> io.easyagent.protocol.OperationResult.Outcome.EXPIRED;
                  case INTERRUPTED -> io.easyagent.protocol.OperationResult.Outcome.INTERRUPTED;
                })
            .setMessage(result.message())
            .setOutput(
                io.easyagent.protocol.Output.newBuilder()
                    .setHead(ByteString.copyFrom(result.output().head()))
                    .setTail(ByteString.copyFrom(result.output().tail()))
                    .setTotalBytes(result.output().totalBytes()))
            .setStartedAt(Fields.timestamp(result.startedAt()))
            .setFinishedAt(Fields.timestamp(result.finishedAt()));
    result.processEnd().map(ResultCodec::encode).ifPresent(message::setProcessEnd);
    return message.build();
  }

  public static OperationResult decode(io.easyagent.protocol.OperationResult message)
      throws WireException {
    Outcome outcome =
        switch (message.getOutcome()) {
          case SUCCEEDED -> Outcome.SUCCEEDED;
          case FAILED -> Outcome.FAILED;
          case CANCELLED -> Outcome.CANCELLED;
          case EXPIRED -> Outcome.EXPIRED;
          case INTERRUPTED -> Outcome.INTERRUPTED;
          case OUTCOME_UNSPECIFIED -> throw WireException.missing("result.outcome");
          case UNRECOGNIZED ->
              throw WireException.unexpected(
                  "result.outcome", message.getOutcomeValue(), "a known outcome");
        };
    return new OperationResult(
        outcome,
        message.getMessage(),
        message.hasProcessEnd() ? Optional.of(decode(message.getProcessEnd())) : Optional.empty(),
        new Output(
            message.getOutput().getHead().toByteArray(),
            message.getOutput().getTail().toByteArray(),
            Fields.unsigned(message.getOutput().getTotalBytes(), "result.output.totalBytes")),
        Fields.instant(message.hasStartedAt(), message.getStartedAt(), "result.startedAt"),
        Fields.instant(message.hasFinishedAt(), message.getFinishedAt(), "result.finishedAt"));
  }

  private static io.easyagent.protocol.ProcessEnd encode(ProcessEnd end) {
    var message = io.easyagent.protocol.ProcessEnd.newBuilder();
    switch (end) {
      case ProcessEnd.Exited(int status) -> message.setExited(status);
      case ProcessEnd.Signalled(int signal) -> message.setSignalled(signal);
      // The wire has no word of its own for it; why is in the message.
      case ProcessEnd.OutOfMemory _ -> message.setSignalled(Signals.KILL);
      case ProcessEnd.Unknown(String reason) -> message.setUnknown(reason);
      case ProcessEnd.NotStarted(String reason) -> message.setNotStarted(reason);
    }
    return message.build();
  }

  private static ProcessEnd decode(io.easyagent.protocol.ProcessEnd message) throws WireException {
    return switch (message.getEndCase()) {
      case EXITED -> new ProcessEnd.Exited(message.getExited());
      case SIGNALLED -> new ProcessEnd.Signalled(message.getSignalled());
      case UNKNOWN -> new ProcessEnd.Unknown(message.getUnknown());
      case NOTSTARTED -> new ProcessEnd.NotStarted(message.getNotStarted());
      case END_NOT_SET -> throw WireException.missing("result.processEnd");
    };
  }
}
