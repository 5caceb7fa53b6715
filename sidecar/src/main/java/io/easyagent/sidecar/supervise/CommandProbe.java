package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Processes;
import io.easyagent.sidecar.process.Signals;
import io.easyagent.sidecar.secret.Redaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One run of a command probe: the agent's user, environment, cgroup and launch id, so that whatever
 * it leaves behind belongs to the agent's tree and ends with it. {@code timeout} ends it even when
 * the sidecar is gone.
 */
final class CommandProbe {
  private static final Logger LOG = Logger.getLogger(CommandProbe.class.getName());
  private static final int READ_MOST = 4096;
  private static final String WAIT_FOR_GO =
      """
      IFS= read -r line || exit 125
      [ "$line" = go ] || exit 125
      exec "$@" 3<&0 </dev/null 2>&1
      """;

  private final Process process;
  private final Redaction redaction;
  private boolean ended;

  private CommandProbe(Process process, Redaction redaction) {
    this.process = process;
    this.redaction = redaction;
  }

  static CommandProbe start(
      HostPrograms programs,
      AgentCgroup cgroup,
      List<String> command,
      Map<String, String> environment,
      String user,
      Path workingFolder,
      Duration timeout,
      Redaction redaction)
      throws IOException {
    LaunchChain chain = new LaunchChain(programs);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(programs.setsid(), programs.shell(), "-c", WAIT_FOR_GO, "easyagent-probe"));
    HostPrograms.find("timeout")
        .ifPresent(program ->
            arguments.addAll(
                List.of(
                    program, "-s", "KILL", Long.toString(Math.max(1, timeout.toSeconds() + 1)))));
    arguments.addAll(chain.switchingTo(chain.accountFor(Optional.of(user))));
    arguments.addAll(ChildEnvironment.restoring(programs.shell()));
    arguments.addAll(command);
    byte[] go = ("go\n" + ChildEnvironment.text(environment)).getBytes(StandardCharsets.UTF_8);
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.environment().clear();
    String launch = environment.get(LaunchRecord.VARIABLE);
    if (launch != null) {
      builder.environment().put(LaunchRecord.VARIABLE, launch);
    }
    builder.directory(workingFolder.toFile());
    CommandProbe probe = new CommandProbe(builder.start(), redaction);
    cgroup.enter((int) probe.process.pid());
    try {
      probe.process.getOutputStream().write(go);
      probe.process.getOutputStream().close();
    } catch (IOException failure) {
      probe.kill();
      throw failure;
    }
    return probe;
  }

  /** Blocks until its end or the timeout; why the agent is not well, empty when it is. */
  Optional<String> await(Duration timeout) throws InterruptedException {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of("timed out");
      }
      int status = process.exitValue();
      return status == 0 ? Optional.empty() : Optional.of("exit " + status + lastWords());
    } finally {
      kill();
    }
  }

  /** What lies in the pipe already: a child that keeps it open is not waited for. */
  private String lastWords() {
    try {
      InputStream output = process.getInputStream();
      byte[] bytes = output.readNBytes(Math.min(READ_MOST, output.available()));
      byte[] redacted = redaction.redact(bytes, false, bytes.length == READ_MOST);
      String words = LastWords.of(new String(redacted, StandardCharsets.UTF_8));
      return words.isEmpty() ? "" : ": \"" + words + "\"";
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** Ends it with its whole group, while its number is certainly its own. */
  synchronized void kill() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      if (process.isAlive()) {
        Processes.signalGroup((int) process.pid(), Signals.KILL);
      }
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "a probe was not ended", failure);
    }
    process.destroyForcibly();
  }
}
