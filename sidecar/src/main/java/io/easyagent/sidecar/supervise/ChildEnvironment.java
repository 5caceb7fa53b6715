package io.easyagent.sidecar.supervise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How an environment gets to a command without ever being an argument, and without being in force
 * in the programs that run on the way there as root (a loader variable would be root's then): every
 * variable travels under another name and gets its own back by a fixed script, once the user is
 * switched.
 */
final class ChildEnvironment {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
  private static final String NAMES = "EASYAGENT_NAMES";
  private static final String TRAVELLING = "EASYAGENT_VALUE_";

  /** Shells keep these for themselves: they could not be given back. */
  private static final Set<String> SHELLS_OWN =
      Set.of(
          NAMES, "EASYAGENT_NAME", "UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO");

  private static final String RESTORE =
      """
      unset PWD OLDPWD SHLVL _
      for EASYAGENT_NAME in $EASYAGENT_NAMES; do
        eval "export $EASYAGENT_NAME=\\"\\$EASYAGENT_VALUE_$EASYAGENT_NAME\\""
        unset "EASYAGENT_VALUE_$EASYAGENT_NAME"
      done
      unset EASYAGENT_NAMES EASYAGENT_NAME
      exec "$@"
      """;

  private ChildEnvironment() {}

  /** The variables as they travel. */
  static Map<String, String> travelling(Map<String, String> environment) throws LaunchException {
    Map<String, String> travelling = new LinkedHashMap<>();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (!NAME.matcher(name).matches() || name.startsWith(TRAVELLING)) {
        throw new LaunchException(
            "environment variable: " + name + " (expected: a name of letters, digits and _)");
      }
      if (SHELLS_OWN.contains(name)) {
        throw new LaunchException(
            "environment variable: " + name + " (expected: none of the shell's own)");
      }
      if (variable.getValue().indexOf('\0') >= 0) {
        throw new LaunchException(
            "environment variable: " + name + " holds a NUL (expected: text)");
      }
      travelling.put(TRAVELLING + name, variable.getValue());
    }
    travelling.put(NAMES, String.join(" ", environment.keySet()));
    return travelling;
  }

  /** The last link of the chain: gives the variables their names back and becomes the command. */
  static List<String> restoring(String shell) {
    return List.of(shell, "-c", RESTORE, "sh");
  }
}
