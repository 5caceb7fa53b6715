package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.upgrade.Upgrades;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What the steps of everything that is tried have in common. */
final class TrialSteps {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private TrialSteps() {}

  static UUID operation(StepContext context) {
    return context.command().id().value();
  }

  /** Has the process end, and waits for that: what is on trial is started next. */
  static Progress end(StepContext context, String why) throws Exception {
    context.bench().upgrades().end(why);
    new CompletableFuture<Void>().get();
    return Progress.next();
  }

  /** Returns when the trial has passed or failed. */
  static void awaitEnd(StepContext context) throws Exception {
    Upgrades upgrades = context.bench().upgrades();
    while (upgrades.isOnTrial(operation(context))) {
      context.bench().time().after(LOOK_AGAIN).get();
    }
  }

  /** Removes what is left of the trial of an operation that has ended. */
  static void forget(StepContext context) throws IOException {
    context.bench().upgrades().forget(operation(context));
  }
}
