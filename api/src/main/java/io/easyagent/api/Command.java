package io.easyagent.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be done; which fields are used follows from the kind.
 *
 * @param agent the agent's name; required for all kinds but exec, and install and configure take it
 *     from the definition
 * @param definition install, configure: an agent definition, YAML or JSON, as text
 * @param start install: start the agent once it is installed (default false)
 * @param packageVersion upgrade only: the version to go to; the rest of the definition stays
 * @param command exec: an argument vector
 * @param script exec: a shell script in place of a command
 * @param parameters exec: the script's parameters
 * @param user exec: the user to run as; absent: the agent's user where an agent is named, else the
 *     sidecar's own
 * @param environment exec: added to a clean environment
 * @param purge uninstall: remove the agent's data folder too (default false)
 */
public record Command(
    Kind kind,
    Optional<String> agent,
    Optional<String> definition,
    Optional<Boolean> start,
    Optional<String> packageVersion,
    Optional<List<String>> command,
    Optional<String> script,
    Optional<List<String>> parameters,
    Optional<String> user,
    Optional<Map<String, String>> environment,
    Optional<Boolean> purge) {
  /**
   * The operations of an agent's life; an upgrade is a configure that changes the package version
   * alone.
   */
  public enum Kind {
    install,
    configure,
    upgrade,
    start,
    stop,
    restart,
    exec,
    uninstall
  }
}
