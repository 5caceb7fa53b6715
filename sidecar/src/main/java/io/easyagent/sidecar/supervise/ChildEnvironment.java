package io.easyagent.sidecar.supervise;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How an environment gets to a command without ever being an argument, and without being the
 * environment of any other process: neither of the keeper, nor of the programs that run on the way
 * as root (a loader variable would be root's then). It comes over the pipe that says "go", as text
 * behind that word; the last link of the chain, which runs as the command's user, reads it from
 * descriptor {@value #DESCRIPTOR} and becomes the command. A text that broke off is refused there:
 * no command runs with a part of its environment.
 */
final class ChildEnvironment {
  static final int DESCRIPTOR = 3;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
  private static final String OWN = "EASYAGENT_READ_";

  /** Shells keep these for themselves: they could not be given back. */
  private static final Set<String> SHELLS_OWN =
      Set.of("UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO");

  private static final String RESTORE =
      """
      unset PWD OLDPWD SHLVL _
      EASYAGENT_READ_TEXT=
      IFS= read -r EASYAGENT_READ_LINES <&3 || exit 125
      while [ "$EASYAGENT_READ_LINES" -gt 0 ]; do
        IFS= read -r EASYAGENT_READ_LINE <&3 || exit 125
        EASYAGENT_READ_TEXT="$EASYAGENT_READ_TEXT$EASYAGENT_READ_LINE
      "
        EASYAGENT_READ_LINES=$((EASYAGENT_READ_LINES - 1))
      done
      exec 3<&-
      eval "$EASYAGENT_READ_TEXT"
      unset EASYAGENT_READ_TEXT EASYAGENT_READ_LINES EASYAGENT_READ_LINE
      exec "$@"
      """;

  private ChildEnvironment() {}

  /** What is written behind the launch's chain: how many lines come, assignments. */
  static String text(Map<String, String> environment) throws LaunchException {
    StringBuilder assignments = new StringBuilder();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      check(variable.getKey(), variable.getValue());
      assignments
          .append("export ")
          .append(variable.getKey())
          .append('=')
          .append(ShellText.quoted(variable.getValue()))
          .append('\n');
    }
    return ShellText.counted(assignments);
  }

  private static void check(String name, String value) throws LaunchException {
    if (!NAME.matcher(name).matches() || name.startsWith(OWN)) {
      throw new LaunchException(
          "environment variable: " + name + " (expected: a name of letters, digits and _)");
    }
    if (SHELLS_OWN.contains(name)) {
      throw new LaunchException(
          "environment variable: " + name + " (expected: none of the shell's own)");
    }
    if (value.indexOf('\0') >= 0) {
      throw new LaunchException("environment variable: " + name + " holds a NUL (expected: text)");
    }
  }

  /** The last link of the chain: takes up the variables and becomes the command. */
  static List<String> restoring(String shell) {
    return List.of(shell, "-c", RESTORE, "sh");
  }
}
