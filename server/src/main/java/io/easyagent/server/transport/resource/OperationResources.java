package io.easyagent.server.transport.resource;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.Output;
import io.easyagent.server.operation.ProcessEnd;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Batches and operations as the API writes them. */
public final class OperationResources {
  private static final String REMOVED =
      "not kept any more (see outputsKeptFor and maxOutputBytes of the server)";

  private OperationResources() {}

  public static io.easyagent.api.Batch of(Batch batch) {
    Map<io.easyagent.api.Operation.State, Long> counts =
        new EnumMap<>(io.easyagent.api.Operation.State.class);
    batch.counts().forEach((state, count) -> counts.put(of(state), count));
    return new io.easyagent.api.Batch(
        batch.id().value(),
        of(batch.kind()),
        batch.agent(),
        batch.target(),
        batch.createdBy(),
        batch.createdAt(),
        batch.deadline(),
        batch.total(),
        counts,
        batch.offline(),
        batch.finished());
  }

  public static io.easyagent.api.Operation of(Operation operation) {
    return new io.easyagent.api.Operation(
        operation.id().value(),
        operation.batch().value(),
        of(operation.kind()),
        operation.host().value(),
        operation.hostName(),
        operation.agent().map(AgentId::value),
        operation.agentName(),
        of(operation.state()),
        operation.createdAt(),
        operation.deadline(),
        operation.sentAt(),
        operation.startedAt(),
        operation.finishedAt(),
        operation.message(),
        operation.processEnd().flatMap(OperationResources::exitStatus),
        operation.processEnd().flatMap(OperationResources::signal),
        operation.output().map(OperationResources::of));
  }

  private static Optional<Integer> exitStatus(ProcessEnd end) {
    return switch (end) {
      case ProcessEnd.Exited exited -> Optional.of(exited.status());
      case ProcessEnd.Signalled _, ProcessEnd.Unknown _, ProcessEnd.NotStarted _ ->
          Optional.empty();
    };
  }

  private static Optional<Integer> signal(ProcessEnd end) {
    return switch (end) {
      case ProcessEnd.Signalled signalled -> Optional.of(signalled.signal());
      case ProcessEnd.Exited _, ProcessEnd.Unknown _, ProcessEnd.NotStarted _ -> Optional.empty();
    };
  }

  private static io.easyagent.api.Operation.Output of(Output output) {
    return new io.easyagent.api.Operation.Output(
        shown(output.head()),
        shown(output.tail()),
        output.totalBytes(),
        output.truncated(),
        output.removed() ? Optional.of(REMOVED) : Optional.empty());
  }

  /** Bytes of a host as text that is safe to print: no terminal is steered by them. */
  private static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    new String(bytes, UTF_8)
        .codePoints()
        .map(point -> isShown(point) ? point : 0xfffd)
        .forEach(text::appendCodePoint);
    return text.toString();
  }

  private static boolean isShown(int point) {
    return point == '\t' || point == '\n' || !Character.isISOControl(point);
  }

  public static OperationKind of(io.easyagent.api.Command.Kind kind) {
    return switch (kind) {
      case install -> OperationKind.INSTALL;
      case configure -> OperationKind.CONFIGURE;
      case upgrade -> OperationKind.UPGRADE;
      case start -> OperationKind.START;
      case stop -> OperationKind.STOP;
      case restart -> OperationKind.RESTART;
      case exec -> OperationKind.EXEC;
      case uninstall -> OperationKind.UNINSTALL;
      case upgradeSidecar -> OperationKind.UPGRADE_SIDECAR;
      case configureSidecar -> OperationKind.CONFIGURE_SIDECAR;
    };
  }

  private static io.easyagent.api.Command.Kind of(OperationKind kind) {
    return switch (kind) {
      case INSTALL -> io.easyagent.api.Command.Kind.install;
      case CONFIGURE -> io.easyagent.api.Command.Kind.configure;
      case UPGRADE -> io.easyagent.api.Command.Kind.upgrade;
      case START -> io.easyagent.api.Command.Kind.start;
      case STOP -> io.easyagent.api.Command.Kind.stop;
      case RESTART -> io.easyagent.api.Command.Kind.restart;
      case EXEC -> io.easyagent.api.Command.Kind.exec;
      case UNINSTALL -> io.easyagent.api.Command.Kind.uninstall;
      case UPGRADE_SIDECAR -> io.easyagent.api.Command.Kind.upgradeSidecar;
      case CONFIGURE_SIDECAR -> io.easyagent.api.Command.Kind.configureSidecar;
    };
  }

  public static OperationState of(io.easyagent.api.Operation.State state) {
    return switch (state) {
      case queued -> OperationState.QUEUED;
      case sent -> OperationState.SENT;
      case running -> OperationState.RUNNING;
      case succeeded -> OperationState.SUCCEEDED;
      case failed -> OperationState.FAILED;
      case cancelled -> OperationState.CANCELLED;
      case expired -> OperationState.EXPIRED;
      case interrupted -> OperationState.INTERRUPTED;
    };
  }

  private static io.easyagent.api.Operation.State of(OperationState state) {
    return switch (state) {
      case QUEUED -> io.easyagent.api.Operation.State.queued;
      case SENT -> io.easyagent.api.Operation.State.sent;
      case RUNNING -> io.easyagent.api.Operation.State.running;
      case SUCCEEDED -> io.easyagent.api.Operation.State.succeeded;
      case FAILED -> io.easyagent.api.Operation.State.failed;
      case CANCELLED -> io.easyagent.api.Operation.State.cancelled;
      case EXPIRED -> io.easyagent.api.Operation.State.expired;
      case INTERRUPTED -> io.easyagent.api.Operation.State.interrupted;
    };
  }
}
