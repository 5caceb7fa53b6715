package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The keeper's script and the shell that runs it. A shell starts what it puts in the background
 * with SIGINT and SIGQUIT ignored, and {@code trap -} does not undo that in every shell: {@code
 * env} does where it is new enough (coreutils 8.31), else bash does.
 *
 * <p>Behind "go" comes the command's environment, for {@link ChildEnvironment}: whatever stands in
 * the background has /dev/null for its standard input, so the pipe goes on as descriptor 3.
 *
 * @param script its parameters: env, sleep, the umask, then the chain that leads to the command
 */
record KeeperShell(String program, String script) {
  private static final String WAIT_FOR_GO =
      """
      umask "$3"
      trap '' PIPE
      IFS= read -r line || exit 125
      [ "$line" = go ] || exit 125
      exec 3<&0
      env=$1 sleep=$2
      shift 3
      """;

  /** The keeper never waits for its child: as a zombie it keeps its exact wait status. */
  private static final String KEEP =
      """
      echo $!
      cd /
      exec "$env" -i "$sleep" infinity 3<&- </dev/null >/dev/null 2>&1
      """;

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
