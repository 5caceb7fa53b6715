package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.upgrade.Upgrades;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** Other settings of the sidecar, tried as another version is. */
final class SettingsSteps {

  private SettingsSteps() {}

  /** Refuses what is wrong, and what the server may not change, before anything is touched. */
  record Check() implements Step {
    @Override
    public String name() {
      return "check";
    }

    @Override
    public String doing() {
      return "checking the settings";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Upgrades upgrades = context.bench().upgrades();
      upgrades.requireNoOtherTrial(TrialSteps.operation(context));
      return upgrades.settings().check(content(context))
          ? new Progress.Finished(Ending.succeeded("in force already"))
          : Progress.next();
    }
  }

  /** Puts them on trial. Under the settings before this step has no end: the process ends. */
  record Switch() implements Step {
    @Override
    public String name() {
      return "switch";
    }

    @Override
    public String doing() {
      return "switching the settings";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Upgrades upgrades = context.bench().upgrades();
      UUID operation = TrialSteps.operation(context);
      Optional<String> reason = upgrades.rolledBack(operation, context.resumedHere());
      if (reason.isPresent()) {
        return rolledBack(reason.get());
      }
      if (context.resumedHere() && upgrades.settings().holds(content(context))) {
        return Progress.next();
      }
      // What was checked may have been changed since.
      upgrades.settings().check(content(context));
      upgrades.requireNoOtherTrial(operation);
      upgrades.trySettings(operation, content(context));
      return TrialSteps.end(
          context, "other settings are on trial: they are read at the next start");
    }
  }

  /** Waits until the trial has passed, or says why it has not. */
  record Confirm() implements Step {
    @Override
    public String name() {
      return "confirm";
    }

    @Override
    public String doing() {
      return "trying the settings";
    }

    @Override
    public boolean mayStopBefore() {
      return false;
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Upgrades upgrades = context.bench().upgrades();
      UUID operation = TrialSteps.operation(context);
      TrialSteps.awaitEnd(context);
      Optional<String> reason = upgrades.rolledBack(operation, true);
      if (reason.isPresent()) {
        return rolledBack(reason.get());
      }
      Messages.say(context, "in force");
      return Progress.next();
    }

    @Override
    public void settle(StepContext context) throws IOException {
      TrialSteps.forget(context);
    }
  }

  private static Progress rolledBack(String reason) {
    return Progress.failed("the settings were rolled back: " + reason);
  }

  private static String content(StepContext context) {
    return ((Command.ConfigureSidecar) context.command().command()).content();
  }
}
