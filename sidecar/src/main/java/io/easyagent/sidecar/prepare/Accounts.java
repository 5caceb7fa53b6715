package io.easyagent.sidecar.prepare;

import java.util.Optional;

/** The users of this host. */
public interface Accounts {

  Optional<Account> find(String name);

  /** The user that the sidecar itself runs as. */
  Account own();

  /**
   * A user that commands can run as.
   *
   * @throws PrepareException when there is no such user, or the sidecar may not act for it
   */
  default Account require(String name) throws PrepareException {
    Account account =
        find(name)
            .orElseThrow(() ->
                new PrepareException(
                    "user: "
                        + PathNames.shown(name)
                        + " (expected: a user of this host; there is none of this name)"));
    if (own().uid() != 0 && account.uid() != own().uid()) {
      throw new PrepareException(
          "user: "
              + name
              + " (expected: "
              + own().name()
              + ", because the sidecar does not run as root)");
    }
    return account;
  }
}
