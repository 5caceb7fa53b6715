package io.easyagent.server;

import io.easyagent.server.backup.BackupException;
import io.easyagent.server.local.ServiceNotice;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts {@code easyagent server} and what belongs to it on the server's own machine. Exit status 0
 * done, or stopped in order; 1 failed; 2 wrong usage.
 */
public final class ServerMain {
  private static final Logger log = LoggerFactory.getLogger(ServerMain.class);
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  /** Held, or its level is lost: a peer that breaks the protocol is no line for each message. */
  private static final java.util.logging.Logger GRPC =
      java.util.logging.Logger.getLogger("io.grpc");

  private ServerMain() {}

  public static void main(String[] arguments) {
    GRPC.setLevel(java.util.logging.Level.SEVERE);
    int status = run(List.of(arguments), System.in, System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** The exit status; 0 also while the server runs on. */
  static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
    try {
      return switch (Invocation.parse(arguments)) {
        case Invocation.ShowHelp() -> {
          out.print(Invocation.USAGE);
          yield 0;
        }
        case Invocation.Run(Optional<Path> config, Map<String, String> overrides) ->
            serve(config, overrides, err);
        case Invocation.MakeBackup backup -> new BackupCommands(in, out).backup(backup);
        case Invocation.RestoreBackup restore -> new BackupCommands(in, out).restore(restore);
        case Invocation.ShowStatus status -> StatusCommand.run(status, out);
      };
    } catch (IllegalArgumentException wrong) {
      err.println("easyagent server: " + wrong.getMessage());
      return WRONG_USAGE;
    } catch (BackupException | IOException failure) {
      log.debug("failed", failure);
      err.println("easyagent server: " + failure.getMessage());
      return FAILED;
    }
  }

  private static int serve(Optional<Path> file, Map<String, String> overrides, PrintStream err) {
    ServerConfig config = ServerConfigFile.read(file, overrides);
    ServerLog.configure(ServerConfigFile.readLog(file));
    ServiceNotice systemd = new ServiceNotice(System.getenv("NOTIFY_SOCKET"));
    try {
      Server server = Server.start(config);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, systemd), "shutdown"));
      systemd.ready();
      return 0;
    } catch (RuntimeException failure) {
      log.debug("not started", failure);
      err.println("easyagent server: " + failure.getMessage());
      return FAILED;
    }
  }

  /** A server that was asked to stop, and did, has not failed: the JVM would exit with 143. */
  private static void stop(Server server, ServiceNotice systemd) {
    systemd.stopping();
    server.close();
    Runtime.getRuntime().halt(0);
  }
}
