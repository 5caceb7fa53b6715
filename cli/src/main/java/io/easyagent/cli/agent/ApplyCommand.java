package io.easyagent.cli.agent;

import io.easyagent.api.ApplyRequest;
import io.easyagent.api.ApplyResult;
import io.easyagent.api.Batch;
import io.easyagent.api.Targets;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.OutputFormat;
import io.easyagent.cli.progress.BatchWait;
import io.easyagent.cli.progress.EndedOperations;
import io.easyagent.cli.progress.Submission;
import io.easyagent.cli.progress.SubmitOptions;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Session;
import io.easyagent.cli.target.TargetOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the agents of hosts as definitions say; the same again changes nothing. */
@Command(
    name = "apply",
    description = "make the agents of hosts as definitions say; nothing is removed")
public final class ApplyCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE|DIR",
      description =
          "agent definitions: a file, - for standard input, or a folder's *.yaml, *.yml"
              + " and *.json; repeatable")
  private List<String> files = List.of();

  @Mixin private TargetOptions targets = new TargetOptions();
  @Mixin private SubmitOptions options = new SubmitOptions();

  public ApplyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Targets chosen = targets.require(session);
    List<ApplyRequest.Source> sources = DefinitionFiles.read(session, files);
    Optional<Duration> timeout = options.waiting().timeout();
    long started = session.nanoTime();
    try (EasyAgentClient client = session.connect()) {
      if (options.dryRun()) {
        ApplyResult result = client.apply(request(sources, chosen, true));
        session.show(result, () -> ApplyText.print(session.console(), result, true));
        return exitStatus(result);
      }
      if (!options.yes()) {
        ask(client.apply(request(sources, chosen, true)));
      }
      ApplyResult result = client.apply(request(sources, chosen, false));
      if (session.options().output() == OutputFormat.table) {
        ApplyText.print(session.console(), result, false);
      }
      int status = options.detach() ? detach(result) : await(client, result, timeout, started);
      if (session.options().output() != OutputFormat.table) {
        session.show(result, () -> {});
      }
      return status == ExitStatus.DONE ? exitStatus(result) : status;
    }
  }

  private ApplyRequest request(List<ApplyRequest.Source> sources, Targets chosen, boolean dryRun) {
    return new ApplyRequest(
        sources, chosen, options.deadline(), dryRun ? Optional.of(true) : Optional.empty());
  }

  private void ask(ApplyResult preview) {
    long hosts =
        preview.items().stream()
            .filter(item -> item.change() != ApplyResult.Change.unchanged)
            .map(ApplyResult.Item::hostId)
            .distinct()
            .count();
    Submission.confirm(session, "apply", hosts, 0);
  }

  private int detach(ApplyResult result) {
    if (session.options().output() == OutputFormat.table) {
      result.batches().forEach(batch -> session.console().print(batch.id().toString()));
    }
    return ExitStatus.DONE;
  }

  /** The batches run at the same time; they are waited for one after another. */
  private int await(
      EasyAgentClient client, ApplyResult result, Optional<Duration> timeout, long started) {
    int worst = ExitStatus.DONE;
    for (Batch batch : result.batches()) {
      Optional<Duration> left =
          timeout.map(limit -> limit.minusNanos(session.nanoTime() - started));
      BatchWait wait =
          new BatchWait(session, client, batch, EndedOperations.failuresOnly(session), left);
      BatchWait.Result ended = wait.await();
      if (session.options().output() == OutputFormat.table) {
        new Submission(session, client, options).showResult(ended);
      }
      worst = Math.max(worst, BatchWait.exitStatus(ended));
    }
    return worst;
  }

  private static int exitStatus(ApplyResult result) {
    return result.items().stream().anyMatch(item -> item.change() == ApplyResult.Change.failed)
        ? ExitStatus.FAILED
        : ExitStatus.DONE;
  }
}
