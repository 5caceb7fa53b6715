package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The real own user, and one user {@code beats}: another one when the tests run as root, else the
 * own one under that name.
 */
public final class FakeAccounts implements Accounts {
  private final Account own;
  private final Account beats;

  public FakeAccounts() {
    try {
      own = new HostAccounts().own();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    beats =
        own.uid() == 0
            ? new Account("beats", 12345, 12346, Path.of("/nonexistent"))
            : new Account("beats", own.uid(), own.gid(), own.home());
  }

  public Account beats() {
    return beats;
  }

  @Override
  public Account own() {
    return own;
  }

  @Override
  public Optional<Account> find(String name) {
    if (name.equals("beats")) {
      return Optional.of(beats);
    }
    return name.equals(own.name()) ? Optional.of(own) : Optional.empty();
  }
}
