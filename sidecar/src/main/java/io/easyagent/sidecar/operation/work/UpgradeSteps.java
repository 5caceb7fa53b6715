package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.upgrade.Distributions;
import io.easyagent.sidecar.upgrade.Upgrades;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Another version of the sidecar. The steps up to the switch run in the version before, the last
 * one in whichever version is left: the names of these steps are a contract between versions.
 */
final class UpgradeSteps {
  private static final String FROM = "version-before";

  private UpgradeSteps() {}

  /** Refuses what cannot be tried, before anything is fetched. */
  record Check() implements Step {
    @Override
    public String name() {
      return "check";
    }

    @Override
    public String doing() {
      return "checking the distribution";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Upgrades upgrades = context.bench().upgrades();
      Distributions distributions = upgrades.distributions();
      upgrades.requireNoOtherTrial(TrialSteps.operation(context));
      String running = upgrades.running();
      if (distributions.check(distribution(context), context.bench().rules().sidecarKeys())) {
        return new Progress.Finished(Ending.succeeded(running + " runs already"));
      }
      context.memory().put(FROM, running);
      return Progress.next();
    }
  }

  /** Has the whole archive on disk. */
  record Fetch() implements Step {
    @Override
    public String name() {
      return "fetch";
    }

    @Override
    public String doing() {
      return "fetching the distribution";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Distributions distributions = context.bench().upgrades().distributions();
      context
          .stop()
          .interrupting(() -> distributions.fetch(distribution(context), context.pause()));
      return Progress.next();
    }
  }

  /** Compares it with its checksum before anything opens it. */
  record Verify() implements Step {
    @Override
    public String name() {
      return "verify";
    }

    @Override
    public String doing() {
      return "verifying the distribution";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Distributions distributions = context.bench().upgrades().distributions();
      context
          .stop()
          .interrupting(() -> distributions.verify(distribution(context), context.pause()));
      return Progress.next();
    }
  }

  /** Unpacks it beside the versions that are there. */
  record Unpack() implements Step {
    @Override
    public String name() {
      return "unpack";
    }

    @Override
    public String doing() {
      return "unpacking the distribution";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Distributions distributions = context.bench().upgrades().distributions();
      context
          .stop()
          .interrupting(() ->
              distributions.unpack(distribution(context), context.pause(), context.stop()::check));
      return Progress.next();
    }
  }

  /** Shows that it runs on this machine. */
  record Prove() implements Step {
    @Override
    public String name() {
      return "prove";
    }

    @Override
    public String doing() {
      return "running its program for its version";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Distributions distributions = context.bench().upgrades().distributions();
      context.stop().interrupting(() -> distributions.prove(distribution(context)));
      return Progress.next();
    }
  }

  /** Puts it on trial. In the version before this step has no end: the process ends. */
  record Switch() implements Step {
    @Override
    public String name() {
      return "switch";
    }

    @Override
    public String doing() {
      return "switching the version";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Upgrades upgrades = context.bench().upgrades();
      PackageReference distribution = distribution(context);
      UUID operation = TrialSteps.operation(context);
      if (upgrades.running().equals(distribution.version())) {
        return Progress.next();
      }
      Optional<String> reason = upgrades.rolledBack(operation, context.resumedHere());
      if (reason.isPresent()) {
        return rolledBack(context, reason.get());
      }
      upgrades.requireNoOtherTrial(operation);
      if (!upgrades.distributions().isUnpacked(distribution)) {
        return Progress.failed(
            "version " + distribution.version() + " is not there any more (expected: unpacked)");
      }
      upgrades.tryVersion(operation, distribution.version());
      return TrialSteps.end(
          context, "version " + distribution.version() + " is on trial: it is started next");
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
      return "trying the version";
    }

    @Override
    public boolean mayStopBefore() {
      return false;
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Upgrades upgrades = context.bench().upgrades();
      PackageReference distribution = distribution(context);
      UUID operation = TrialSteps.operation(context);
      if (!upgrades.running().equals(distribution.version())) {
        return rolledBack(
            context,
            upgrades
                .rolledBack(operation, true)
                .orElse(upgrades.running() + " is current, and nothing says why"));
      }
      TrialSteps.awaitEnd(context);
      String from = context.memory().find(FROM).orElse("unknown");
      upgrades.settle(from, distribution.version());
      Messages.say(context, from + " -> " + distribution.version());
      return Progress.next();
    }

    @Override
    public void settle(StepContext context) throws IOException {
      TrialSteps.forget(context);
    }
  }

  /** There is one way back, and no second try. */
  private static Progress rolledBack(StepContext context, String reason) throws Exception {
    String version = distribution(context).version();
    context.bench().upgrades().distributions().removeBut(Set.of(version));
    return Progress.failed(version + " was rolled back: " + reason);
  }

  private static PackageReference distribution(StepContext context) {
    return ((Command.UpgradeSidecar) context.command().command()).distribution();
  }
}
