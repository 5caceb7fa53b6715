package io.easyagent.sidecar;

import io.easyagent.definition.SinceText;
import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.local.AgentOrders;
import io.easyagent.sidecar.logstream.LogBegin;
import io.easyagent.sidecar.session.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What the command line asks for. */
sealed interface Invocation {
  String USAGE =
      """
      usage: easyagent-sidecar COMMAND

        enroll --server HOST:PORT --fingerprint HEX --token-file FILE|- [--name NAME] [--replace]
               [--data DIR]
            make this host one of a fleet; the token is read from FILE, - is standard input;
            --replace: in place of the identity that it has, while its agents run on
        run [--config FILE] [--data DIR]
            supervise agents and keep the link to the server
        status [--config FILE] [--data DIR]
            tell what runs here
        start|stop|restart AGENT [--config FILE] [--data DIR]
            tell one agent, also when no server can be reached; what it is told holds until somebody
            tells it otherwise, here or on the server
        logs AGENT [--since AGE|TIME] [--tail N] [--follow] [--config FILE] [--data DIR]
            show what an agent has printed: the last 100 lines, or all since then (10m,
            2026-11-22T14:00:00Z); --tail: at most the last N; --follow: and what it will print
        reload [--config FILE] [--data DIR]
            have the agents that are defined on this host be as their definitions say now
        reset [--stop-agents] [--keep-packages] [--purge] [--data DIR]
            make this host, or an image of it, one that was never enrolled; --stop-agents ends what
            runs, --keep-packages leaves downloaded packages, --purge also removes agents' data
        shutdown [--config FILE] [--data DIR]
            stop every agent, the last one first, each with its grace; the sidecar's next start
            starts those again that are to run
        version
      """;

  String COMMANDS =
      "enroll, run, status, start, stop, restart, logs, reload, shutdown, reset or version";

  /**
   * @param fingerprint lower-case hexadecimal
   * @param tokenFile empty: standard input
   * @param name empty: what the machine calls itself
   * @param replace in place of the identity that the host has
   */
  record Enroll(
      ServerAddress server,
      String fingerprint,
      Optional<Path> tokenFile,
      Optional<String> name,
      boolean replace,
      Optional<Path> data)
      implements Invocation {}

  record Reset(boolean stopAgents, boolean keepPackages, boolean purge, Optional<Path> data)
      implements Invocation {}

  record Run(Optional<Path> config, Optional<Path> data) implements Invocation {}

  record ShowStatus(Optional<Path> config, Optional<Path> data) implements Invocation {}

  record ReadDefinitions(Optional<Path> config, Optional<Path> data) implements Invocation {}

  record ShutDown(Optional<Path> config, Optional<Path> data) implements Invocation {}

  record TellAgent(
      AgentOrders.Order order, String agent, Optional<Path> config, Optional<Path> data)
      implements Invocation {}

  record ShowLog(
      String agent, LogBegin begin, boolean follow, Optional<Path> config, Optional<Path> data)
      implements Invocation {}

  record ShowVersion() implements Invocation {}

  record ShowHelp() implements Invocation {}

  /** The command line is wrong; says what, and what was expected. */
  final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  /**
   * @param now the wall clock
   */
  static Invocation parse(List<String> arguments, Instant now) throws UsageException {
    if (arguments.isEmpty()) {
      throw new UsageException("no command (expected: " + COMMANDS + ")");
    }
    List<String> rest = arguments.subList(1, arguments.size());
    return switch (arguments.getFirst()) {
      case "enroll" -> {
        Map<String, String> options =
            options(
                rest,
                List.of("--server", "--fingerprint", "--token-file", "--name", "--data"),
                List.of("--replace"));
        String token = require(options, "--token-file");
        yield new Enroll(
            server(require(options, "--server")),
            fingerprint(require(options, "--fingerprint")),
            token.equals("-") ? Optional.empty() : Optional.of(Path.of(token)),
            name(options),
            options.containsKey("--replace"),
            path(options, "--data"));
      }
      case "reset" -> {
        Map<String, String> options =
            options(
                rest, List.of("--data"), List.of("--stop-agents", "--keep-packages", "--purge"));
        yield new Reset(
            options.containsKey("--stop-agents"),
            options.containsKey("--keep-packages"),
            options.containsKey("--purge"),
            path(options, "--data"));
      }
      case "run" -> {
        Map<String, String> options = options(rest, List.of("--config", "--data"), List.of());
        yield new Run(path(options, "--config"), path(options, "--data"));
      }
      case "status" -> {
        Map<String, String> options = options(rest, List.of("--config", "--data"), List.of());
        yield new ShowStatus(path(options, "--config"), path(options, "--data"));
      }
      case "start" -> tell(AgentOrders.Order.START, rest);
      case "stop" -> tell(AgentOrders.Order.STOP, rest);
      case "restart" -> tell(AgentOrders.Order.RESTART, rest);
      case "logs" -> {
        String agent = agent("logs", rest);
        Map<String, String> options =
            options(
                rest.subList(1, rest.size()),
                List.of("--since", "--tail", "--config", "--data"),
                List.of("--follow", "-f"));
        yield new ShowLog(
            agent,
            begin(options, now),
            options.containsKey("--follow") || options.containsKey("-f"),
            path(options, "--config"),
            path(options, "--data"));
      }
      case "reload" -> {
        Map<String, String> options = options(rest, List.of("--config", "--data"), List.of());
        yield new ReadDefinitions(path(options, "--config"), path(options, "--data"));
      }
      case "shutdown" -> {
        Map<String, String> options = options(rest, List.of("--config", "--data"), List.of());
        yield new ShutDown(path(options, "--config"), path(options, "--data"));
      }
      case "version", "--version" -> {
        options(rest, List.of(), List.of());
        yield new ShowVersion();
      }
      case "help", "--help", "-h" -> new ShowHelp();
      default ->
          throw new UsageException(
              "command: " + arguments.getFirst() + " (expected: " + COMMANDS + ")");
    };
  }

  private static String agent(String command, List<String> arguments) throws UsageException {
    if (arguments.isEmpty() || !arguments.getFirst().matches("[a-z0-9][a-z0-9.-]{0,62}")) {
      throw new UsageException(
          command
              + ": "
              + (arguments.isEmpty() ? "no agent" : arguments.getFirst())
              + " (expected: an agent's name first)");
    }
    return arguments.getFirst();
  }

  private static LogBegin begin(Map<String, String> options, Instant now) throws UsageException {
    Optional<String> since = Optional.ofNullable(options.get("--since"));
    if (since.isEmpty()) {
      return new LogBegin.Tail(tail(options.getOrDefault("--tail", "100")));
    }
    String tail = options.get("--tail");
    return new LogBegin.Since(
        since(since.get(), now), tail == null ? OptionalInt.empty() : OptionalInt.of(tail(tail)));
  }

  private static Instant since(String text, Instant now) throws UsageException {
    SinceText since =
        SinceText.parse(text)
            .orElseThrow(() ->
                new UsageException("--since: " + text + " (expected: " + SinceText.EXPECTED + ")"));
    return switch (since.age(now)) {
      case SinceText.Age.Of(Duration age) -> now.minus(age);
      case SinceText.Age.OutOfRange(String expected) ->
          throw new UsageException("--since: " + text + " (expected: " + expected + ")");
    };
  }

  private static int tail(String lines) throws UsageException {
    if (!lines.matches("[0-9]{1,5}") || Integer.parseInt(lines) > LogBegin.MOST_LINES) {
      throw new UsageException(
          "--tail: " + lines + " (expected: 0 to " + LogBegin.MOST_LINES + " lines)");
    }
    return Integer.parseInt(lines);
  }

  private static TellAgent tell(AgentOrders.Order order, List<String> arguments)
      throws UsageException {
    String agent = agent(order.word(), arguments);
    Map<String, String> options =
        options(arguments.subList(1, arguments.size()), List.of("--config", "--data"), List.of());
    return new TellAgent(order, agent, path(options, "--config"), path(options, "--data"));
  }

  /** The data folder of a command that has no configuration. */
  static Path dataOr(Optional<Path> data) {
    return data.orElse(Configuration.USUAL_DATA);
  }

  /**
   * @param valued options with a value
   * @param flags options without one; those that are given have an empty value
   */
  private static Map<String, String> options(
      List<String> arguments, List<String> valued, List<String> flags) throws UsageException {
    Map<String, String> options = new HashMap<>();
    for (int index = 0; index < arguments.size(); index++) {
      String name = arguments.get(index);
      String value = "";
      if (valued.contains(name)) {
        index++;
        if (index == arguments.size()) {
          throw new UsageException(name + ": no value");
        }
        value = arguments.get(index);
      } else if (!flags.contains(name)) {
        List<String> known = Stream.concat(valued.stream(), flags.stream()).toList();
        throw new UsageException(
            "option: "
                + name
                + " (expected: "
                + (known.isEmpty() ? "none" : String.join(", ", known))
                + ")");
      }
      if (options.put(name, value) != null) {
        throw new UsageException(name + ": given twice");
      }
    }
    return options;
  }

  private static Optional<String> name(Map<String, String> options) throws UsageException {
    Optional<String> name = Optional.ofNullable(options.get("--name"));
    if (name.isPresent() && !name.get().matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,252}")) {
      throw new UsageException(
          "--name: " + name.get() + " (expected: 1 to 253 letters, digits, . _ or -)");
    }
    return name;
  }

  private static String require(Map<String, String> options, String name) throws UsageException {
    String value = options.get(name);
    if (value == null || value.isEmpty()) {
      throw new UsageException(name + ": missing");
    }
    return value;
  }

  private static Optional<Path> path(Map<String, String> options, String name) {
    return Optional.ofNullable(options.get(name)).map(value -> Path.of(value).toAbsolutePath());
  }

  private static ServerAddress server(String text) throws UsageException {
    try {
      return ServerAddress.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw new UsageException("--server: " + malformed.getMessage());
    }
  }

  private static String fingerprint(String text) throws UsageException {
    String digits = text.replace(":", "").toLowerCase(Locale.ROOT);
    if (!digits.matches("[0-9a-f]{64}")) {
      throw new UsageException(
          "--fingerprint: "
              + text
              + " (expected: 64 hexadecimal digits, SHA-256 of the authority)");
    }
    return digits;
  }
}
