package io.easyagent.cli.remote;

import io.easyagent.cli.session.CommandException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Passwords, each asked for once, however many machines need it. Safe for several threads. */
final class Secrets {
  private final Function<String, Optional<String>> prompt;
  private final Optional<String> login;
  private final Optional<String> givenSudo;
  private @Nullable String asked;

  /**
   * @param prompt asks a person without showing what is typed; empty when there is nobody
   * @param login to log in with; empty: with keys alone
   * @param givenSudo for sudo; empty: the one to log in with, or one that is asked for
   */
  Secrets(
      Function<String, Optional<String>> prompt,
      Optional<String> login,
      Optional<String> givenSudo) {
    this.prompt = prompt;
    this.login = login;
    this.givenSudo = givenSudo;
  }

  Optional<String> login() {
    return login;
  }

  String sudo() throws RefusedHost {
    Optional<String> known = givenSudo.or(() -> login);
    if (known.isPresent()) {
      return known.get();
    }
    synchronized (this) {
      if (asked == null) {
        asked =
            prompt
                .apply("password for sudo")
                .orElseThrow(() ->
                    new RefusedHost(
                        "sudo asks for a password, and there is no terminal to ask on",
                        "give it with --sudo-password-file FILE"));
      }
      return asked;
    }
  }

  /** What opens a key file. */
  String passphrase(String file) {
    return prompt
        .apply("passphrase of " + file)
        .orElseThrow(() ->
            CommandException.usage(
                "--identity: "
                    + file
                    + " is encrypted, and there is no terminal to ask for its passphrase on"));
  }
}
