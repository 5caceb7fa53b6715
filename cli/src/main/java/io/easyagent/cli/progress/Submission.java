package io.easyagent.cli.progress;

import io.easyagent.api.Batch;
import io.easyagent.api.BatchPreview;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command;
import io.easyagent.api.Targets;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.ShortIds;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Session;
import java.util.Optional;

/** Submits a command for many hosts: asks first where there are many, then waits or detaches. */
public final class Submission {
  /** More hosts than this are asked about. */
  public static final int ASK_ABOVE = 50;

  private final Session session;
  private final EasyAgentClient client;
  private final SubmitOptions options;

  public Submission(Session session, EasyAgentClient client, SubmitOptions options) {
    this.session = session;
    this.client = client;
    this.options = options;
  }

  /** Submits, shows failures as they come, and gives the exit status. */
  public int run(Command command, Targets targets) {
    Optional<Batch> accepted = submit(command, targets);
    if (accepted.isEmpty()) {
      return ExitStatus.DONE;
    }
    BatchWait.Result result = await(accepted.get(), EndedOperations.failuresOnly(session));
    showResult(result);
    return BatchWait.exitStatus(result);
  }

  /** Submits; empty when that was all that was asked for (a dry run, or detached). */
  public Optional<Batch> submit(Command command, Targets targets) {
    BatchRequest request = new BatchRequest(command, targets, options.deadline(), Optional.empty());
    options.waiting().timeout();
    if (options.dryRun()) {
      showPreview(client.preview(request));
      return Optional.empty();
    }
    if (!options.yes() && mayBeMany(targets)) {
      BatchPreview preview = client.preview(request);
      confirm(session, subject(command), preview.total(), preview.offline());
    }
    Batch batch = client.submit(request);
    if (options.detach()) {
      session.show(batch, () -> session.console().print(batch.id().toString()));
      return Optional.empty();
    }
    return Optional.of(batch);
  }

  public BatchWait.Result await(Batch batch, EndedOperations listener) {
    return new BatchWait(session, client, batch, listener, options.waiting().timeout()).await();
  }

  /** The last line, or the batch for programs. */
  public void showResult(BatchWait.Result result) {
    Batch batch =
        switch (result) {
          case BatchWait.Result.Finished(Batch finished) -> finished;
          case BatchWait.Result.Unfinished(Batch unfinished) -> unfinished;
        };
    session.show(
        batch,
        () -> session.console().print(BatchText.progress(batch, session.now(), session.zone())));
  }

  private static boolean mayBeMany(Targets targets) {
    return targets.hosts().map(hosts -> hosts.size() > ASK_ABOVE).orElse(true);
  }

  /** Returns when it may go on. */
  public static void confirm(Session session, String subject, long hosts, long offline) {
    if (hosts <= ASK_ABOVE) {
      return;
    }
    String what =
        subject
            + " on "
            + Figures.count(hosts)
            + " hosts"
            + (offline > 0 ? " (" + Figures.count(offline) + " offline)" : "");
    if (!session.console().terminal().input()) {
      throw new CommandException(
          ExitStatus.USAGE,
          what + ": more than " + ASK_ABOVE + " hosts, nothing was done",
          "if that is meant, add --yes; --dry-run shows which they are");
    }
    if (!session.console().confirm(what + "?")) {
      throw CommandException.failed("nothing was done");
    }
  }

  private static String subject(Command command) {
    return command.kind()
        + command.agent().map(agent -> " " + agent).orElse("")
        + command.version().map(version -> " to " + version).orElse("");
  }

  private void showPreview(BatchPreview preview) {
    session.show(
        preview,
        () -> {
          ShortIds ids =
              ShortIds.of(preview.hosts().stream().map(BatchPreview.Match::hostId).toList());
          Table table = new Table().flexible("HOST").column("ID").column("STATUS");
          preview
              .hosts()
              .forEach(host ->
                  table.row(
                      host.name(),
                      ids.of(host.hostId()),
                      new Table.Cell(HostTint.of(host.status()), host.status().name())));
          session.console().print(table);
          long unlisted = preview.total() - preview.hosts().size();
          session
              .console()
              .print(
                  (unlisted > 0 ? "and " + Figures.count(unlisted) + " more; " : "")
                      + Figures.count(preview.total(), "host")
                      + (preview.total() == 1 ? " matches" : " match")
                      + (preview.offline() > 0
                          ? ", " + Figures.count(preview.offline()) + " offline"
                          : "")
                      + "; nothing was done");
        });
  }
}
