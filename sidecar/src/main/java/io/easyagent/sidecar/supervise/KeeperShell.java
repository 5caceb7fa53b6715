package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The keeper's script and the shell that runs it. A shell starts what it puts in the background
 * with SIGINT and SIGQUIT ignored, and {@code trap -} does not undo that in every shell: {@code
 * env} does where it is new enough (coreutils 8.31), else bash does.
 *
 * <p>It waits for a line "go". Behind it comes the umask and the chain that leads to the command,
 * see {@link #go}, so that a keeper that waits says nothing of any launch, and then the command's
 * environment, for {@link ChildEnvironment}: whatever stands in the background has /dev/null for
 * its standard input, so the pipe goes on as descriptor 3.
 *
 * @param script its parameters: env and sleep
 */
record KeeperShell(String program, String script) {
  private static final String WAIT_FOR_GO =
      """
      trap '' PIPE
      IFS= read -r line || exit 125
      [ "$line" = go ] || exit 125
      IFS= read -r lines || exit 125
      text=
      while [ "$lines" -gt 0 ]; do
        IFS= read -r line || exit 125
        text="$text$line
      "
        lines=$((lines - 1))
      done
      exec 3<&0
      env=$1 sleep=$2
      eval "$text"
      """;

  /** The keeper never waits for its child: as a zombie it keeps its exact wait status. */
  private static final String KEEP =
      """
      echo $!
      cd /
      unset %s
      exec "$sleep" infinity 3<&- </dev/null >/dev/null 2>&1
      """
          .formatted(LaunchRecord.VARIABLE);

  /**
   * The child holds still until its keeper has become sleep: a shell may reap a child that ends
   * before, and the status would be lost.
   */
  private static final String AWAIT_KEEPER =
      """
      (
        while IFS= read -r name <"/proc/$$/comm" && [ "$name" != "${sleep##*/}" ]; do :; done
        [ -e "/proc/$$/comm" ] || exit 125
      """;

  private static final String LAUNCH_BY_ENV =
      """
        exec "$env" --default-signal "$@"
      ) </dev/null 1>&2 &
      """;

  private static final String LAUNCH_BY_BASH =
      """
        trap - INT QUIT PIPE
        exec "$@"
      ) </dev/null 1>&2 &
      """;

  /** What starts one that waits. */
  List<String> arguments(HostPrograms programs) {
    return List.of(
        programs.setsid(),
        program,
        "-c",
        script,
        "easyagent-keeper",
        programs.env(),
        programs.sleep());
  }

  /**
   * What it is told, but for the environment.
   *
   * @param chain a program and its arguments; no NUL in them
   */
  static String go(int umask, List<String> chain) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "umask %04o\nset --", umask));
    for (String word : chain) {
      text.append(' ').append(ShellText.quoted(word));
    }
    return "go\n" + ShellText.counted(text.append('\n'));
  }

  static KeeperShell choose(String env) throws IOException {
    return resetsSignals(env)
        ? new KeeperShell(
            HostPrograms.require("sh"), WAIT_FOR_GO + AWAIT_KEEPER + LAUNCH_BY_ENV + KEEP)
        : byBash();
  }

  static KeeperShell byBash() throws IOException {
    return new KeeperShell(
        HostPrograms.require("bash"), WAIT_FOR_GO + AWAIT_KEEPER + LAUNCH_BY_BASH + KEEP);
  }

  private static boolean resetsSignals(String env) throws IOException {
    Process probe =
        new ProcessBuilder(env, "--default-signal", env, "-i")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      probe.destroyForcibly();
    }
  }
}
