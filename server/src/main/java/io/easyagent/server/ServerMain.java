package io.easyagent.server;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts {@code easyagent server}. */
public final class ServerMain {
  private static final Logger log = LoggerFactory.getLogger(ServerMain.class);
  private static final int WRONG_USAGE = 2;
  private static final String USAGE =
      """
      usage: easyagent server [--config FILE] [--data DIR] [--host-port N] [--operator-port N]
                              [--bind ADDRESS] [--name NAME]

        --config FILE        server.yaml; options win over it
        --data DIR           the server's folder (default: easyagent-data)
        --host-port N        port for hosts (default: 8890; 0: any free one)
        --operator-port N    port for operators (default: 8889; 0: any free one)
        --bind ADDRESS       address to listen on (default: 0.0.0.0)
        --name NAME          name or address that the server is reached by (default: the host's)
      """;
  private static final Map<String, String> OPTIONS =
      Map.of(
          "--data", "data",
          "--host-port", "hostPort",
          "--operator-port", "operatorPort",
          "--bind", "bind",
          "--name", "names");

  /** Held, or its level is lost: a peer that breaks the protocol is no line for each message. */
  private static final java.util.logging.Logger GRPC =
      java.util.logging.Logger.getLogger("io.grpc");

  private ServerMain() {}

  public static void main(String[] arguments) {
    GRPC.setLevel(java.util.logging.Level.SEVERE);
    int status = run(List.of(arguments), System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** The exit status; 0 while the server runs on. */
  private static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.contains("--help")) {
      out.print(USAGE);
      return 0;
    }
    ServerConfig config;
    try {
      config = config(arguments);
    } catch (IllegalArgumentException wrong) {
      err.println("easyagent server: " + wrong.getMessage());
      return WRONG_USAGE;
    }
    try {
      Server server = Server.start(config);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
      return 0;
    } catch (RuntimeException failure) {
      log.debug("not started", failure);
      err.println("easyagent server: " + failure.getMessage());
      return 1;
    }
  }

  private static ServerConfig config(List<String> arguments) {
    Optional<Path> file = Optional.empty();
    Map<String, String> overrides = new HashMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      String key = OPTIONS.get(option);
      if (key == null && !option.equals("--config")) {
        throw new IllegalArgumentException(
            "unknown option " + option + " (see: easyagent server --help)");
      }
      if (!rest.hasNext()) {
        throw new IllegalArgumentException(option + ": no value (see: easyagent server --help)");
      }
      if (key == null) {
        file = Optional.of(Path.of(rest.next()));
      } else {
        overrides.put(key, rest.next());
      }
    }
    return ServerConfigFile.read(file, overrides);
  }
}
