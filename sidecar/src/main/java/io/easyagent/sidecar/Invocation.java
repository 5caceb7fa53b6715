package io.easyagent.sidecar;

import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.session.ServerAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the command line asks for. */
sealed interface Invocation {
  String USAGE =
      """
      usage: easyagent-sidecar COMMAND

        enroll --server HOST:PORT --fingerprint HEX --token-file FILE|- [--data DIR]
            make this host one of a fleet; the token is read from FILE, - is standard input
        run [--config FILE] [--data DIR]
            supervise agents and keep the link to the server
        status [--config FILE] [--data DIR]
            tell what runs here
        version
      """;

  /**
   * @param fingerprint lower-case hexadecimal
   * @param tokenFile empty: standard input
   */
  record Enroll(
      ServerAddress server, String fingerprint, Optional<Path> tokenFile, Optional<Path> data)
      implements Invocation {}

  record Run(Optional<Path> config, Optional<Path> data) implements Invocation {}

  record ShowStatus(Optional<Path> config, Optional<Path> data) implements Invocation {}

  record ShowVersion() implements Invocation {}

  record ShowHelp() implements Invocation {}

  /** The command line is wrong; says what, and what was expected. */
  final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  static Invocation parse(List<String> arguments) throws UsageException {
    if (arguments.isEmpty()) {
      throw new UsageException("no command (expected: enroll, run, status or version)");
    }
    List<String> rest = arguments.subList(1, arguments.size());
    return switch (arguments.getFirst()) {
      case "enroll" -> {
        Map<String, String> options =
            options(rest, List.of("--server", "--fingerprint", "--token-file", "--data"));
        String token = require(options, "--token-file");
        yield new Enroll(
            server(require(options, "--server")),
            fingerprint(require(options, "--fingerprint")),
            token.equals("-") ? Optional.empty() : Optional.of(Path.of(token)),
            path(options, "--data"));
      }
      case "run" -> {
        Map<String, String> options = options(rest, List.of("--config", "--data"));
        yield new Run(path(options, "--config"), path(options, "--data"));
      }
      case "status" -> {
        Map<String, String> options = options(rest, List.of("--config", "--data"));
        yield new ShowStatus(path(options, "--config"), path(options, "--data"));
      }
      case "version", "--version" -> {
        options(rest, List.of());
        yield new ShowVersion();
      }
      case "help", "--help", "-h" -> new ShowHelp();
      default ->
          throw new UsageException(
              "command: " + arguments.getFirst() + " (expected: enroll, run, status or version)");
    };
  }

  /** The data folder of a command that has no configuration. */
  static Path dataOr(Optional<Path> data) {
    return data.orElse(Configuration.USUAL_DATA);
  }

  private static Map<String, String> options(List<String> arguments, List<String> known)
      throws UsageException {
    Map<String, String> options = new HashMap<>();
    for (int index = 0; index < arguments.size(); index += 2) {
      String name = arguments.get(index);
      if (!known.contains(name)) {
        throw new UsageException(
            "option: "
                + name
                + " (expected: "
                + (known.isEmpty() ? "none" : String.join(", ", known))
                + ")");
      }
      if (index + 1 == arguments.size()) {
        throw new UsageException(name + ": no value");
      }
      if (options.put(name, arguments.get(index + 1)) != null) {
        throw new UsageException(name + ": given twice");
      }
    }
    return options;
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
