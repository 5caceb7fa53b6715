package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * supervisord as Debian has it, with the defaults that it has for everything that is measured: logs
 * in rotated files, a process that ran for a second is started again at once. For one thread.
 */
final class SupervisordUnderTest {
  static final String WRITER = "writer";

  private final Path configuration;
  private final Path log;
  private final StringBuilder programs = new StringBuilder();
  private Optional<Process> process = Optional.empty();

  SupervisordUnderTest(RunFolder run) {
    configuration = run.supervisordConfiguration();
    log = run.path().resolve("supervisord.out");
  }

  /** Before its start: a program that it keeps running. */
  void keep(String name, String user, List<String> command) {
    add(name, user, command, "autorestart=true");
  }

  /** Before its start: a program that {@link #start(String)} starts. */
  void offer(String name, String user, List<String> command) {
    add(name, user, command, "autostart=false\nautorestart=false");
  }

  private void add(String name, String user, List<String> command, String settings) {
    programs
        .append("[program:%s]\ncommand=%s\n%s\n".formatted(name, line(command), settings))
        // It refuses the line to all but root, even with one's own name.
        .append(isRoot() ? "user=" + user + "\n" : "")
        .append('\n');
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static String line(List<String> command) {
    return command.stream()
        .map(word -> '"' + word.replace("%", "%%") + '"')
        .collect(Collectors.joining(" "));
  }

  /** Returns once it lives. */
  void launch() throws IOException {
    Path folder = Files.createDirectory(configuration.resolveSibling("supervisord"));
    Files.writeString(
        configuration,
        """
        [unix_http_server]
        file=%1$s/socket
        chmod=0700

        [supervisord]
        nodaemon=true
        logfile=%1$s/supervisord.log
        pidfile=%1$s/supervisord.pid
        childlogdir=%1$s

        [rpcinterface:supervisor]
        supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

        [supervisorctl]
        serverurl=unix://%1$s/socket

        %2$s\
        """
            .formatted(folder.toString().replace("%", "%%"), programs));
    process =
        Optional.of(
            new ProcessBuilder(Parts.SUPERVISORD, "-c", configuration.toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true)
                .start());
  }

  /** Starts an offered program, and returns once supervisord calls it running. */
  void start(String name) throws IOException, InterruptedException, BenchException {
    control("start", name);
  }

  void stop(String name) throws IOException, InterruptedException, BenchException {
    control("stop", name);
  }

  private void control(String verb, String name)
      throws IOException, InterruptedException, BenchException {
    String unused =
        Programs.output(List.of(Parts.SUPERVISORCTL, "-c", configuration.toString(), verb, name));
  }

  /**
   * @throws BenchException when it has ended
   */
  long requirePid() throws BenchException {
    return process
        .filter(Process::isAlive)
        .map(Process::pid)
        .orElseThrow(() -> new BenchException("supervisord has ended; see " + log));
  }
}
