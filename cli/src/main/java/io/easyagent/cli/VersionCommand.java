package io.easyagent.cli;

import io.easyagent.api.Version;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.OutputFormat;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The versions of both sides. */
@Command(name = "version", description = "show the versions of this program and of the server")
final class VersionCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--client", description = "only this program's; asks no server")
  private boolean clientOnly;

  VersionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    boolean forPeople = session.options().output() == OutputFormat.table;
    if (forPeople || clientOnly) {
      session.console().print("easyagent " + own());
    }
    if (clientOnly) {
      return ExitStatus.DONE;
    }
    if (forPeople && !session.configurationFile().exists()) {
      session.console().note("server: not logged in");
      return ExitStatus.DONE;
    }
    try (EasyAgentClient client = session.connect()) {
      Version server = client.version();
      session.show(
          server,
          () ->
              session
                  .console()
                  .print(
                      "server    "
                          + server.version()
                          + "  API "
                          + server.apiVersion()
                          + "  fleet "
                          + server.fleetId()));
      return ExitStatus.DONE;
    }
  }

  private static String own() {
    try (InputStream in = VersionCommand.class.getResourceAsStream("version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
