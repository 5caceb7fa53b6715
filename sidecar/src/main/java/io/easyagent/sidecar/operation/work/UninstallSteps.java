package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import java.util.ArrayList;
import java.util.List;

/** The end of an agent that was stopped. */
final class UninstallSteps {
  private UninstallSteps() {}

  /** Ends supervision: nothing starts the agent any more. */
  record EndSupervision() implements Step {
    @Override
    public String name() {
      return "unsupervise";
    }

    @Override
    public String doing() {
      return "ending supervision";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      return AgentProcess.unsupervise(context);
    }
  }

  /** Removes what lies on disk; {@code data} only when it is to be purged. */
  record RemoveFolders() implements Step {
    @Override
    public String name() {
      return "remove";
    }

    @Override
    public String doing() {
      return "removing the folders";
    }

    @Override
    public boolean mayStopBefore() {
      return false;
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      boolean purge =
          context.command().command() instanceof Command.Uninstall uninstall && uninstall.purge();
      var agent = context.findAgent();
      if (agent.isPresent()) {
        context.bench().layout().remove(context.folders(agent.get().definition().name()), purge);
      }
      Messages.say(context, purge ? "uninstalled, data removed" : "uninstalled, data kept");
      return Progress.next();
    }
  }

  /** The journal and the server forget the agent. */
  record ForgetAgent() implements Step {
    @Override
    public String name() {
      return "forget";
    }

    @Override
    public String doing() {
      return "forgetting the agent";
    }

    @Override
    public boolean mayStopBefore() {
      return false;
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      // A sidecar that started after the folders were removed supervises it again.
      if (AgentProcess.unsupervise(context) instanceof Progress.Finished left) {
        return left;
      }
      context.append(state -> {
        List<JournalEntry> entries = new ArrayList<>();
        if (state.agents().containsKey(context.agentId())) {
          entries.add(new JournalEntry.AgentForgotten(context.agentId()));
          entries.addAll(
              Outbox.queue(
                  state,
                  context.bench().time().now(),
                  new OutboxEvent.AgentRemoved(context.agentId())));
        }
        return entries;
      });
      return Progress.next();
    }
  }
}
