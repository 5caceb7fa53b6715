package io.easyagent.simulator;

import io.easyagent.sidecar.journal.store.FileJournal;
import io.easyagent.sidecar.session.ServerAddress;
import io.easyagent.simulator.control.ControlCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/**
 * What the command line asks for.
 *
 * @param first number of the first host
 * @param enrolment absent: every host is enrolled already
 * @param state where keys, certificates, journals and the witness are kept
 * @param journalBytes of each of the two files of a journal
 * @param atOnce how many hosts are enrolled or opened at once
 * @param handshakes how many connections are made at once
 * @param runFor absent: until standard input ends or says stop
 */
record Invocation(
    int hosts,
    int first,
    String prefix,
    ServerAddress server,
    Optional<Enrolment> enrolment,
    Path state,
    int agents,
    int outputBytes,
    boolean distinctOutput,
    Duration execTakes,
    long journalBytes,
    int atOnce,
    int handshakes,
    Optional<Duration> runFor,
    Level logLevel) {

  /**
   * @param tokenFile one token a line; they are dealt to the hosts in turn, so that each token's
   *     labels are those of every so-many-th host
   */
  record Enrolment(String fingerprint, Path tokenFile) {}

  private static final int LEAST_JOURNAL = FileJournal.RESERVED_FOR_RESULT + (128 << 10);

  static final String USAGE =
      """
      usage: sim --hosts N --server HOST:PORT --state DIR [OPTION...]

      Runs N sidecars in this process against one server: real certificates, TLS connections,
      sessions, journals with their syncs, outboxes and operations; only processes are simulated.

        --hosts N              how many
        --server HOST:PORT     where hosts connect, for example 127.0.0.1:8890
        --state DIR            keys, certificates and journals; a second run goes on with them
        --fingerprint HEX      of the server's authority, and
        --token-file FILE      enrolment tokens, one a line, dealt in turn (labels are a token's);
                               both only for hosts that are not enrolled yet
        --first N              number of the first host (1)
        --prefix NAME          hosts are called NAME-00001 and so on (sim)
        --agents-per-host N    agents that a new host is born with, running (5)
        --output-bytes N       what an exec prints (1024)
        --same-output          every host prints the same (default: each something else)
        --exec-millis N        how long an exec takes (0); sleep N takes N seconds, false fails
        --journal-kib N        size of each of a journal's two files (1024)
        --at-once N            hosts that are enrolled or opened at once (32)
        --handshakes N         TLS handshakes at once (64): they share this machine's processors
        --seconds N            stop N seconds after all were connected once, whatever standard
                               input says; without it the end of standard input is the end
        --log-level LEVEL      of the sidecars' own log on standard error (SEVERE)

      Standard output: one JSON object a line: progress, ready, the answers to commands, stopped.
      Standard input, one command a line; HOSTS is all, N or N-M:

      """
          + ControlCommand.USAGE;

  /** The command line is wrong; says what, and what was expected. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  static Invocation parse(List<String> arguments) throws UsageException {
    Options options = Options.read(arguments);
    Invocation invocation =
        new Invocation(
            options.number("--hosts", 0, 1, 1_000_000),
            options.number("--first", 1, 1, 1_000_000),
            options.text("--prefix").orElse("sim"),
            server(options.require("--server")),
            enrolment(options),
            Path.of(options.require("--state")),
            options.number("--agents-per-host", 5, 0, 100),
            options.number("--output-bytes", 1_024, 0, 1 << 20),
            !options.flag("--same-output"),
            Duration.ofMillis(options.number("--exec-millis", 0, 0, 3_600_000)),
            options.number("--journal-kib", 1_024, LEAST_JOURNAL >> 10, 8_192) * 1_024L,
            options.number("--at-once", 32, 1, 1_000),
            options.number("--handshakes", 64, 1, 100_000),
            options.text("--seconds").isPresent()
                ? Optional.of(Duration.ofSeconds(options.number("--seconds", 0, 0, 1_000_000)))
                : Optional.empty(),
            level(options.text("--log-level").orElse("SEVERE")));
    if (!invocation.prefix().matches("[a-z][a-z0-9-]{0,30}")) {
      throw new UsageException(
          "--prefix: " + invocation.prefix() + " (expected: lower-case letters, digits, dashes)");
    }
    return invocation;
  }

  private static ServerAddress server(String text) throws UsageException {
    try {
      return ServerAddress.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw new UsageException("--server: " + malformed.getMessage());
    }
  }

  private static Optional<Enrolment> enrolment(Options options) throws UsageException {
    Optional<String> fingerprint = options.text("--fingerprint");
    Optional<String> file = options.text("--token-file");
    if (fingerprint.isPresent() != file.isPresent()) {
      throw new UsageException("--fingerprint, --token-file: one of them (expected: both or none)");
    }
    return fingerprint.flatMap(hex -> file.map(name -> new Enrolment(hex, Path.of(name))));
  }

  private static Level level(String text) throws UsageException {
    try {
      return Level.parse(text);
    } catch (IllegalArgumentException unknown) {
      throw new UsageException(
          "--log-level: " + text + " (expected: SEVERE, WARNING, INFO or FINE)");
    }
  }

  /** The words of a command line; each option once. */
  private record Options(Map<String, String> given) {
    private static final List<String> FLAGS = List.of("--same-output");
    private static final List<String> WITH_VALUE =
        List.of(
            "--hosts",
            "--server",
            "--state",
            "--fingerprint",
            "--token-file",
            "--first",
            "--prefix",
            "--agents-per-host",
            "--output-bytes",
            "--exec-millis",
            "--journal-kib",
            "--at-once",
            "--handshakes",
            "--seconds",
            "--log-level");

    static Options read(List<String> arguments) throws UsageException {
      Map<String, String> given = new HashMap<>();
      for (int at = 0; at < arguments.size(); at++) {
        String option = arguments.get(at);
        String value = "";
        if (WITH_VALUE.contains(option)) {
          at++;
          if (at == arguments.size()) {
            throw new UsageException(option + ": no value");
          }
          value = arguments.get(at);
        } else if (!FLAGS.contains(option)) {
          throw new UsageException("unknown option " + option);
        }
        if (given.put(option, value) != null) {
          throw new UsageException(option + ": given twice");
        }
      }
      return new Options(given);
    }

    boolean flag(String name) {
      return given.containsKey(name);
    }

    Optional<String> text(String name) {
      return Optional.ofNullable(given.get(name));
    }

    String require(String name) throws UsageException {
      return text(name).orElseThrow(() -> new UsageException(name + ": missing"));
    }

    int number(String name, int usual, int least, int most) throws UsageException {
      String given = text(name).orElse(Integer.toString(usual));
      try {
        int value = Integer.parseInt(given);
        if (value >= least && value <= most) {
          return value;
        }
      } catch (NumberFormatException notNumber) {
        throw outOfRange(name, given, least, most);
      }
      throw outOfRange(name, given, least, most);
    }

    private static UsageException outOfRange(String name, String given, int least, int most) {
      return new UsageException(name + ": " + given + " (expected: " + least + " to " + most + ")");
    }
  }
}
