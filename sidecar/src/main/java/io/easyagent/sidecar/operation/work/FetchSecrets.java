package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.prepare.AgentFolders;
import io.easyagent.sidecar.prepare.SecretNames;
import io.easyagent.sidecar.secret.HeldSecret;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Asks the server for the values of the definition's secrets and keeps them beside those in force.
 * A link that is broken is tried again until the operation is asked to stop.
 */
record FetchSecrets() implements Step {
  private static final Logger LOG = Logger.getLogger(FetchSecrets.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "secrets";
  }

  @Override
  public String doing() {
    return "fetching the secrets";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    AgentFolders folders = context.folders(definition.name());
    Set<String> names = SecretNames.of(definition);
    if (names.isEmpty()) {
      context.bench().secrets().discardCandidate(folders);
    } else {
      context
          .stop()
          .interrupting(
              () -> context.bench().secrets().keepCandidate(folders, fetch(context, names)));
    }
    return Progress.next();
  }

  private static List<HeldSecret> fetch(StepContext context, Set<String> names) throws Exception {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return context.bench().secretSource().read(context.agentId(), names);
      } catch (IOException broken) {
        LOG.log(
            Level.WARNING,
            "operation {0}: the secrets were not fetched, next try in {1}: {2}",
            new Object[] {
              context.command().id(), OperationText.duration(pause), broken.getMessage()
            });
      }
      context.stop().await(context.bench().time().after(pause));
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }
}
