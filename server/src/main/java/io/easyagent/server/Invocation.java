package io.easyagent.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command line of {@code easyagent server}, read. */
sealed interface Invocation {
  String USAGE =
      """
      usage: easyagent server [--config FILE] [--data DIR] [--host-port N] [--operator-port N]
                              [--bind ADDRESS] [--name NAME]
             easyagent server backup FILE [--config FILE] [--data DIR] [--passphrase-file FILE|-]
             easyagent server restore FILE --data DIR [--replace] [--passphrase-file FILE|-]
             easyagent server restore FILE --check [--passphrase-file FILE|-]
             easyagent server status [--config FILE] [--data DIR] [-o text|json]

        --config FILE        server.yaml; options win over it
                             (backup and status: /etc/easyagent/server.yaml where there is one)
        --data DIR           the server's folder (default: easyagent-data)
        --host-port N        port for hosts (default: 8890; 0: any free one)
        --operator-port N    port for operators (default: 8889; 0: any free one)
        --bind ADDRESS       address to listen on (default: 0.0.0.0)
        --name NAME          name or address that the server is reached by (default: the host's)

      backup writes everything that the server is into one encrypted file, while the server runs or
      not; restore puts it back, or a copy of the store from DIR/backups. Both run on the server's
      machine, as its user or root.

        --passphrase-file F  its first line is the passphrase; -: standard input (default: asks)
        --replace            restore into a folder that is not empty; what is there is kept aside
        --check              only read the whole backup and say whether it is whole

      status exits with 0 when the server runs and is ready, otherwise with 1.
      """;

  /** Runs the server. */
  record Run(Optional<Path> config, Map<String, String> overrides) implements Invocation {}

  /**
   * Makes a backup.
   *
   * @param passphrase the file that it is in
   */
  record MakeBackup(
      Path file, Optional<Path> config, Map<String, String> overrides, Optional<Path> passphrase)
      implements Invocation {}

  /**
   * Restores a backup.
   *
   * @param data absent: only checks it
   */
  record RestoreBackup(Path file, Optional<Path> data, boolean replace, Optional<Path> passphrase)
      implements Invocation {}

  /** Tells how the server is. */
  record ShowStatus(Optional<Path> config, Map<String, String> overrides, boolean json)
      implements Invocation {}

  /** Tells what can be typed. */
  record ShowHelp() implements Invocation {}

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Invocation parse(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      return new ShowHelp();
    }
    if (arguments.isEmpty() || arguments.getFirst().startsWith("-")) {
      return Parsed.of(arguments, "", Set.of("--config"), Set.of(), true).run();
    }
    List<String> rest = arguments.subList(1, arguments.size());
    return switch (arguments.getFirst()) {
      case "backup" ->
          Parsed.of(
                  rest, "FILE", Set.of("--config", "--data", "--passphrase-file"), Set.of(), false)
              .backup();
      case "restore" ->
          Parsed.of(
                  rest,
                  "FILE",
                  Set.of("--data", "--passphrase-file"),
                  Set.of("--replace", "--check"),
                  false)
              .restore();
      case "status" ->
          Parsed.of(rest, "", Set.of("--config", "--data", "-o"), Set.of(), false).status();
      default ->
          throw new IllegalArgumentException(
              "unknown command "
                  + arguments.getFirst()
                  + " (expected: backup, restore, status, or options; see: easyagent server --help)");
    };
  }

  /** Options by name, flags, and the one word that is neither. */
  record Parsed(Map<String, String> options, Set<String> flags, Optional<String> word) {
    private static final Path USUAL_CONFIG = Path.of("/etc/easyagent/server.yaml");
    private static final String HELP = " (see: easyagent server --help)";
    private static final Map<String, String> KEYS =
        Map.of(
            "--data", "data",
            "--host-port", "hostPort",
            "--operator-port", "operatorPort",
            "--bind", "bind",
            "--name", "names");

    static Parsed of(
        List<String> arguments,
        String word,
        Set<String> known,
        Set<String> knownFlags,
        boolean everyKey) {
      Map<String, String> options = new HashMap<>();
      Set<String> flags = new HashSet<>();
      List<String> words = new ArrayList<>();
      Iterator<String> rest = arguments.iterator();
      while (rest.hasNext()) {
        String each = rest.next();
        if (knownFlags.contains(each)) {
          flags.add(each);
        } else if (known.contains(each) || (everyKey && KEYS.containsKey(each))) {
          if (!rest.hasNext()) {
            throw new IllegalArgumentException(each + ": no value" + HELP);
          }
          options.put(each, rest.next());
        } else if (each.startsWith("-") || word.isEmpty() || !words.isEmpty()) {
          throw new IllegalArgumentException("unknown option " + each + HELP);
        } else {
          words.add(each);
        }
      }
      if (!word.isEmpty() && words.isEmpty()) {
        throw new IllegalArgumentException("no " + word + HELP);
      }
      return new Parsed(options, flags, words.stream().findFirst());
    }

    Run run() {
      return new Run(path("--config"), overrides());
    }

    MakeBackup backup() {
      return new MakeBackup(
          Path.of(word.orElseThrow()), config(), overrides(), path("--passphrase-file"));
    }

    RestoreBackup restore() {
      boolean check = flags.contains("--check");
      if (check == options.containsKey("--data")) {
        throw new IllegalArgumentException(
            "restore: " + (check ? "--data with --check" : "no --data DIR") + HELP);
      }
      return new RestoreBackup(
          Path.of(word.orElseThrow()),
          path("--data"),
          flags.contains("--replace"),
          path("--passphrase-file"));
    }

    ShowStatus status() {
      String form = options.getOrDefault("-o", "text");
      if (!form.equals("text") && !form.equals("json")) {
        throw new IllegalArgumentException("-o: " + form + " (expected: text or json)");
      }
      return new ShowStatus(config(), overrides(), form.equals("json"));
    }

    private Optional<Path> path(String option) {
      return Optional.ofNullable(options.get(option)).map(Path::of);
    }

    /** Beside a service one need not say where its configuration is. */
    private Optional<Path> config() {
      Optional<Path> given = path("--config");
      boolean usual =
          given.isEmpty() && !options.containsKey("--data") && Files.isReadable(USUAL_CONFIG);
      return usual ? Optional.of(USUAL_CONFIG) : given;
    }

    private Map<String, String> overrides() {
      Map<String, String> overrides = new HashMap<>();
      KEYS.forEach((option, key) ->
          Optional.ofNullable(options.get(option)).ifPresent(value -> overrides.put(key, value)));
      return overrides;
    }
  }
}
