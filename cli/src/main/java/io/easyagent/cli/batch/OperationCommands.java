package io.easyagent.cli.batch;

import io.easyagent.api.Operation;
import io.easyagent.api.Page;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.OperationQuery;
import io.easyagent.cli.console.Fields;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.exec.OutputText;
import io.easyagent.cli.progress.OperationText;
import io.easyagent.cli.progress.WaitOptions;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Operations: one command to one host or agent. */
@Command(name = "operation", description = "list, show, watch and cancel operations")
public final class OperationCommands {
  private final Session session;

  public OperationCommands(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "list operations")
  int list(
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "only in this state: ${COMPLETION-CANDIDATES}")
          Optional<Operation.State> state,
      @Option(names = "--host", paramLabel = "NAME|ID", description = "only of this host")
          Optional<String> host,
      @Option(
              names = "--agent",
              paramLabel = "AGENT",
              description = "only of this agent: its id, or with --host its name")
          Optional<String> agent,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "at most so many (default 50)")
          long limit) {
    try (EasyAgentClient client = session.connect()) {
      Page<Operation> operations =
          client.operations(new OperationQuery(state, host, agent)).collect(Inputs.limit(limit));
      session.show(operations, () -> OperationTable.print(session, operations));
      return ExitStatus.DONE;
    }
  }

  @Command(name = "show", description = "show an operation and its output")
  int show(
      @Parameters(paramLabel = "OPERATION", description = "its id or the beginning of it")
          String id) {
    try (EasyAgentClient client = session.connect()) {
      Operation operation = client.operation(id);
      session.show(operation, () -> print(operation));
      return ExitStatus.DONE;
    }
  }

  private void print(Operation operation) {
    Fields fields =
        new Fields()
            .add("operation", operation.id().toString())
            .add("batch", operation.batchId().toString())
            .add("what", OperationTable.subject(operation))
            .add("host", operation.hostName() + " (" + operation.hostId() + ")")
            .add("state", OperationText.tint(operation.state()), operation.state().name())
            .add("cause", OperationText.cause(operation))
            .add("created", Figures.fullTime(operation.createdAt(), session.zone()))
            .add("deadline", Figures.fullTime(operation.deadline(), session.zone()));
    operation
        .startedAt()
        .ifPresent(at -> fields.add("started", Figures.fullTime(at, session.zone())));
    operation
        .finishedAt()
        .ifPresent(at -> fields.add("finished", Figures.fullTime(at, session.zone())));
    fields.add("took", OperationTable.took(operation, session.now()));
    fields.print(session.console());
    if (operation.output().isPresent()) {
      session.console().print("");
      OutputText.printOutput(session.console(), operation.output().get());
    }
  }

  @Command(name = "watch", description = "wait for an operation and show how it ended")
  int watch(
      @Parameters(paramLabel = "OPERATION", description = "its id or the beginning of it")
          String id,
      @Mixin WaitOptions waiting) {
    Optional<Duration> timeout = waiting.timeout();
    try (EasyAgentClient client = session.connect()) {
      Operation operation =
          new OperationWait(session, client, client.operation(id), timeout).await();
      session.show(operation, () -> OutputText.print(session.console(), operation, false));
      if (!operation.state().finished()) {
        return ExitStatus.UNFINISHED;
      }
      return operation.state() == Operation.State.succeeded ? ExitStatus.DONE : ExitStatus.FAILED;
    }
  }

  @Command(
      name = "cancel",
      description = "cancel an operation: at once if it is queued, else its host ends it")
  int cancel(
      @Parameters(
              arity = "1..*",
              paramLabel = "OPERATION",
              description = "its id or the beginning of it")
          List<String> ids) {
    try (EasyAgentClient client = session.connect()) {
      for (String id : ids) {
        Operation operation = client.cancelOperation(id);
        session.show(
            operation,
            () -> session.console().print(operation.hostName() + ": " + operation.state()));
      }
      return ExitStatus.DONE;
    }
  }
}
