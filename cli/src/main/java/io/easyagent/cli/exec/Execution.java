package io.easyagent.cli.exec;

import io.easyagent.api.Batch;
import io.easyagent.api.Command;
import io.easyagent.api.Operation;
import io.easyagent.api.Page;
import io.easyagent.api.Targets;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.OutputFormat;
import io.easyagent.cli.progress.BatchWait;
import io.easyagent.cli.progress.EndedOperations;
import io.easyagent.cli.progress.Submission;
import io.easyagent.cli.progress.SubmitOptions;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a command on hosts and shows each host's output as soon as it is there. */
public final class Execution {
  private final Session session;
  private final SubmitOptions options;

  public Execution(Session session, SubmitOptions options) {
    this.session = session;
    this.options = options;
  }

  /** Gives the exit status: done when the command exited 0 everywhere. */
  public int run(Command command, Targets targets) {
    try (EasyAgentClient client = session.connect()) {
      Submission submission = new Submission(session, client, options);
      Optional<Batch> accepted = submission.submit(command, targets);
      if (accepted.isEmpty()) {
        return ExitStatus.DONE;
      }
      Outputs outputs = new Outputs(client, accepted.get().total() > 1);
      BatchWait.Result result = submission.await(accepted.get(), outputs);
      if (session.options().output() != OutputFormat.table) {
        Page<Operation> page =
            new Page<>(outputs.collected, Optional.empty(), outputs.collected.size());
        session.show(page, () -> {});
      }
      return BatchWait.exitStatus(result);
    }
  }

  private final class Outputs implements EndedOperations {
    private final EasyAgentClient client;
    private final boolean severalHosts;
    private final List<Operation> collected = new ArrayList<>();

    private Outputs(EasyAgentClient client, boolean severalHosts) {
      this.client = client;
      this.severalHosts = severalHosts;
    }

    @Override
    public boolean wantsAll() {
      return true;
    }

    @Override
    public void ended(Operation operation) {
      Operation whole =
          operation.output().isPresent() || operation.startedAt().isEmpty()
              ? operation
              : client.operation(operation.id().toString());
      if (session.options().output() == OutputFormat.table) {
        OutputText.print(session.console(), whole, severalHosts);
      } else {
        collected.add(whole);
      }
    }
  }
}
