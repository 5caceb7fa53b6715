package io.easyagent.api;

import io.easyagent.api.Command.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command in the making, of which most fields stay empty. For one thread. */
final class CommandDraft {
  private final Kind kind;
  private final Optional<String> agent;
  Optional<String> definition = Optional.empty();
  Optional<Boolean> start = Optional.empty();
  Optional<String> packageVersion = Optional.empty();
  Optional<List<String>> command = Optional.empty();
  Optional<String> script = Optional.empty();
  Optional<List<String>> parameters = Optional.empty();
  Optional<String> user = Optional.empty();
  Optional<Map<String, String>> environment = Optional.empty();
  Optional<Boolean> purge = Optional.empty();
  Optional<String> version = Optional.empty();
  Optional<String> configuration = Optional.empty();

  CommandDraft(Kind kind, Optional<String> agent) {
    this.kind = kind;
    this.agent = agent;
  }

  Command build() {
    return new Command(
        kind,
        agent,
        definition,
        start,
        packageVersion,
        command,
        script,
        parameters,
        user,
        environment,
        purge,
        version,
        configuration);
  }
}
