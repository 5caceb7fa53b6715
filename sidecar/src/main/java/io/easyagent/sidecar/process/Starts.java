package io.easyagent.sidecar.process;

import io.easyagent.sidecar.process.ProcessAction.Launch;
import io.easyagent.sidecar.process.ProcessAction.LaunchHook;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.ProcessState.HookLaunching;
import io.easyagent.sidecar.process.ProcessState.Launching;

/** What a start begins with. */
final class Starts {
  private final ProcessRules rules;

  Starts(ProcessRules rules) {
    this.rules = rules;
  }

  /** Its preStart comes first, where the definition has one. */
  Step start(ProcessLife life, int attempt) {
    return rules.hooks().preStart().isPresent()
        ? launch(life, new Due.PreStart(attempt))
        : launchMain(life, attempt, false);
  }

  /**
   * @param prepared whether a preStart has run before
   */
  static Step launchMain(ProcessLife life, int attempt, boolean prepared) {
    return Step.of(life.in(new Launching(attempt, prepared)), new Launch());
  }

  static Step launch(ProcessLife life, Due due) {
    return Step.of(life.in(new HookLaunching(due)), new LaunchHook(due));
  }
}
