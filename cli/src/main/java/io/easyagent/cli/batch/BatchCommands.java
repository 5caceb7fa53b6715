package io.easyagent.cli.batch;

import io.easyagent.api.Batch;
import io.easyagent.api.Command.Kind;
import io.easyagent.api.Operation;
import io.easyagent.api.Page;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.ShortIds;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.exec.OutputText;
import io.easyagent.cli.progress.BatchText;
import io.easyagent.cli.progress.BatchWait;
import io.easyagent.cli.progress.EndedOperations;
import io.easyagent.cli.progress.WaitOptions;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Batches: operations that were accepted together. */
@Command(name = "batch", description = "list, show, watch and cancel batches of operations")
public final class BatchCommands {
  private final Session session;

  public BatchCommands(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "list batches")
  int list(
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "at most so many (default 50)")
          long limit) {
    try (EasyAgentClient client = session.connect()) {
      Page<Batch> batches = client.batches().collect(Inputs.limit(limit));
      session.show(batches, () -> print(batches));
      return ExitStatus.DONE;
    }
  }

  private void print(Page<Batch> batches) {
    ShortIds ids = ShortIds.of(batches.items().stream().map(Batch::id).toList());
    Table table =
        new Table()
            .column("BATCH")
            .column("WHAT")
            .flexible("HOSTS")
            .flexible("BY")
            .column("AT")
            .column("STATE")
            .flexible("PROGRESS");
    for (Batch batch : batches.items()) {
      table.row(
          ids.of(batch.id()),
          BatchText.subject(batch),
          batch.target(),
          batch.createdBy(),
          Figures.fullTime(batch.createdAt(), session.zone()),
          batch.finished() ? "finished" : new Table.Cell(Tint.warning, "running"),
          BatchText.progress(batch, session.now(), session.zone()).toString());
    }
    if (!batches.items().isEmpty()) {
      session.console().print(table);
    }
    session
        .console()
        .print(
            batches.items().size() < batches.total()
                ? Figures.count(batches.items().size())
                    + " of "
                    + Figures.count(batches.total())
                    + " batches"
                : Figures.count(batches.total()) + (batches.total() == 1 ? " batch" : " batches"));
  }

  @Command(name = "show", description = "show a batch and its operations")
  int show(
      @Parameters(paramLabel = "BATCH", description = "its id or the beginning of it") String id,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "only operations in this state: ${COMPLETION-CANDIDATES}")
          Optional<Operation.State> state,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "at most so many operations (default 100)")
          long limit) {
    try (EasyAgentClient client = session.connect()) {
      Batch batch = client.batch(id);
      session.show(
          batch,
          () -> {
            session.console().print(BatchText.heading(batch, session.zone()));
            session.console().print(BatchText.progress(batch, session.now(), session.zone()));
            Page<Operation> operations =
                client.operationsOf(batch.id().toString(), state).collect(Inputs.limit(limit));
            OperationTable.print(session, operations);
          });
      return ExitStatus.DONE;
    }
  }

  @Command(name = "watch", description = "wait for a batch and show how it goes")
  int watch(
      @Parameters(paramLabel = "BATCH", description = "its id or the beginning of it") String id,
      @Mixin WaitOptions waiting) {
    try (EasyAgentClient client = session.connect()) {
      Batch batch = client.batch(id);
      boolean exec = batch.kind() == Kind.exec;
      EndedOperations listener =
          exec ? new ExecEnds(client, batch.total() > 1) : EndedOperations.failuresOnly(session);
      BatchWait.Result result =
          new BatchWait(session, client, batch, listener, waiting.timeout()).await();
      Batch now = client.batch(batch.id().toString());
      session.show(
          now,
          () -> session.console().print(BatchText.progress(now, session.now(), session.zone())));
      return BatchWait.exitStatus(result);
    }
  }

  private final class ExecEnds implements EndedOperations {
    private final EasyAgentClient client;
    private final boolean severalHosts;

    private ExecEnds(EasyAgentClient client, boolean severalHosts) {
      this.client = client;
      this.severalHosts = severalHosts;
    }

    @Override
    public boolean wantsAll() {
      return true;
    }

    @Override
    public void ended(Operation operation) {
      OutputText.print(
          session.console(), client.operation(operation.id().toString()), severalHosts);
    }
  }

  @Command(
      name = "cancel",
      description = "cancel what has not started; what runs is ended by its host")
  int cancel(
      @Parameters(
              arity = "1..*",
              paramLabel = "BATCH",
              description = "its id or the beginning of it")
          List<String> ids) {
    try (EasyAgentClient client = session.connect()) {
      for (String id : ids) {
        Batch batch = client.cancelBatch(id);
        session.show(
            batch,
            () ->
                session.console().print(BatchText.progress(batch, session.now(), session.zone())));
        if (!batch.finished()) {
          session.console().note("asked to cancel; what runs ends once its host has ended it");
          session.console().note("  watch:  easyagent batch watch " + batch.id());
        }
      }
      return ExitStatus.DONE;
    }
  }
}
