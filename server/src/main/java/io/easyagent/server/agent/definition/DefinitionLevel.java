package io.easyagent.server.agent.definition;

import io.easyagent.definition.AgentDefinition;
import io.easyagent.definition.HealthCheck;
import io.easyagent.definition.Hooks;
import io.easyagent.definition.ProcessSettings;
import io.easyagent.definition.SuccessfulEnds;

/**
 * Which sidecars understand a definition whole. Those of the first level would read one that uses a
 * later key, and ignore the key: they are not to get it.
 */
public final class DefinitionLevel {
  private DefinitionLevel() {}

  /** Whether it uses what came with the second level. */
  public static boolean isSecond(AgentDefinition definition) {
    return !definition.restart().success().equals(SuccessfulEnds.NONE_BUT_ZERO)
        || !definition.process().equals(ProcessSettings.DEFAULT)
        || !definition.after().isEmpty()
        || definition.logs().maxAge().isPresent()
        || definition.logs().compress()
        || definition.limits().core().isPresent()
        || definition.limits().processes().isPresent()
        || definition.ready().filter(ready -> ready.probe().isEmpty()).isPresent()
        || definition
            .health()
            .filter(health -> health.onFailure() == HealthCheck.OnFailure.STOP)
            .isPresent();
  }

  /** Whether it uses what came with the third level. */
  public static boolean isThird(AgentDefinition definition) {
    return !definition.hooks().equals(Hooks.NONE) || definition.schedule().isPresent();
  }
}
