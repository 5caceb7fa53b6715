package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.prepare.Account;
import java.util.Optional;

/** The user of a task. */
final class RunAs {
  private RunAs() {}

  /** Empty for the sidecar's own user, who need not be switched to. */
  static Optional<String> user(StepContext context, Account account) {
    return account.uid() == context.bench().accounts().own().uid()
        ? Optional.empty()
        : Optional.of(account.name());
  }
}
