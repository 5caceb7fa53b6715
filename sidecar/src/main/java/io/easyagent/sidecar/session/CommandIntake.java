package io.easyagent.sidecar.session;

import io.easyagent.protocol.ControlResponse;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.logstream.LogOrder;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.Operations.Intake;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.session.Registration.Registered;
import io.easyagent.sidecar.wire.CommandCodec;
import io.easyagent.sidecar.wire.CommandCodec.Identity;
import io.easyagent.sidecar.wire.CommandCodec.Received;
import io.easyagent.sidecar.wire.UsageCodec;
import io.easyagent.sidecar.wire.WireException;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes what one session's stream of commands brings. For one thread. */
final class CommandIntake {
  private static final Logger log = Logger.getLogger(CommandIntake.class.getName());

  private final Journal journal;
  private final Operations operations;
  private final ReportCalls calls;
  private final LogUploads logs;
  private final Registered session;
  private final Clock clock;

  CommandIntake(
      Journal journal,
      Operations operations,
      ReportCalls calls,
      LogUploads logs,
      Registered session,
      Clock clock) {
    this.journal = journal;
    this.operations = operations;
    this.calls = calls;
    this.logs = logs;
    this.session = session;
    this.clock = clock;
  }

  /** Present when the message ends the session. */
  Optional<SessionEnd> accept(ControlResponse message) {
    if (message.getSessionEpoch() != session.opened().epoch()) {
      log.warning(
          "refused a command of session "
              + message.getSessionEpoch()
              + " (expected: "
              + session.opened().epoch()
              + ")");
      return Optional.empty();
    }
    Instant now = clock.instant();
    try {
      return switch (CommandCodec.decode(message, now, session.hostName(), session.labels())) {
        case Received.Take(TakenCommand command) -> {
          take(command);
          yield Optional.empty();
        }
        case Received.Cancel(OperationId operation) -> {
          operations.cancel(operation);
          yield Optional.empty();
        }
        case Received.StreamLog(LogOrder order) -> {
          logs.begin(order);
          yield Optional.empty();
        }
        case Received.Reconnect(Duration after, String reason) ->
            Optional.of(new SessionEnd.ComeBack(after, reason));
      };
    } catch (WireException refused) {
      refuse(message, refused.getMessage(), now);
      return Optional.empty();
    } catch (RuntimeException defect) {
      // It would come again in every session, and end each of them.
      log.log(Level.SEVERE, "a command met a defect", defect);
      refuse(message, "internal error: " + defect, now);
      return Optional.empty();
    }
  }

  private void take(TakenCommand command) {
    if (!command.generation().equals(session.opened().generation())) {
      log.warning("refused operation " + command.id() + " of generation " + command.generation());
      return;
    }
    switch (operations.take(command)) {
      case Intake.Taken() -> log.info("took operation " + command.id());
      case Intake.KnownAlready() -> log.info("operation " + command.id() + " is known");
      case Intake.Failed(String reason) ->
          log.warning("failed operation " + command.id() + ", not run: " + reason);
      case Intake.Refused(String reason) -> {
        log.warning("refused operation " + command.id() + ": " + reason);
        reportRefusal(command, reason);
      }
    }
  }

  /**
   * The server keeps the operation as sent, and sends it again after the next inventory; an
   * operator finds the reason in the agent's history.
   */
  private void reportRefusal(TakenCommand command, String reason) {
    String message = "operation " + command.id() + " refused: " + reason;
    if (command.command().agentId().isEmpty()) {
      tell(message);
      return;
    }
    OutboxEvent refused =
        new OutboxEvent.AgentHappened(
            command.command().agentId().get(), "command-refused", message);
    try {
      journal.append(state -> Outbox.queue(state, clock.instant(), refused));
    } catch (JournalException unwritable) {
      tell(message);
    }
  }

  /**
   * What is not understood has failed, and nothing was done for it: that is its result. The
   * operation was not taken, so that the result is only queued.
   */
  private void refuse(ControlResponse message, @Nullable String reason, Instant now) {
    Optional<Identity> identity = CommandCodec.findIdentity(message);
    String refusal = "refused by the host: " + reason;
    log.warning(
        identity.map(known -> "operation " + known.operation()).orElse("a command")
            + " "
            + refusal);
    if (identity.isEmpty() || !identity.get().generation().equals(session.opened().generation())) {
      tell("a command " + refusal);
      return;
    }
    OperationId operation = identity.get().operation();
    try {
      journal.append(state ->
          Outbox.refuse(
              state, now, operation, identity.get().generation(), String.valueOf(reason)));
    } catch (JournalException unwritable) {
      log.log(Level.WARNING, "the refusal of " + operation + " is not queued", unwritable);
      tell("operation " + operation + " " + refusal);
    }
  }

  private void tell(String message) {
    try {
      calls.report(UsageCodec.error(clock.instant(), message));
    } catch (StatusRuntimeException lost) {
      log.log(Level.WARNING, "not reported: " + message, lost);
    }
  }
}
