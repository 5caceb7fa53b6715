package io.easyagent.cli.access;

import io.easyagent.api.Page;
import io.easyagent.api.Secret;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Secrets that agents use. A value is read from standard input, and is never shown again. */
@Command(name = "secret", description = "set, list and remove secrets that agents use")
public final class SecretCommands {
  private static final int LARGEST_VALUE = 64 << 10;

  private final Session session;

  public SecretCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "set",
      description = "store a value from standard input; one line break at its end is left out",
      footer = {
        "",
        "Definitions name it {{secret.NAME}}, in templates of files and in environment values.",
        "",
        "  easyagent secret set es-ingest --agents filebeat,metricbeat < key.txt"
      })
  int set(
      @Parameters(paramLabel = "NAME", description = "a-z, 0-9, . and -") String name,
      @Option(
              names = "--agents",
              paramLabel = "NAME",
              split = ",",
              description = "the agents that may use it; without, as before")
          List<String> agents,
      @Option(names = "--all-agents", description = "every agent may use it") boolean all) {
    Optional<List<String>> granted = Optional.ofNullable(agents).filter(names -> !names.isEmpty());
    if (all && granted.isPresent()) {
      throw CommandException.usage("expected: one of --agents and --all-agents");
    }
    byte[] value = value(name).getBytes(StandardCharsets.UTF_8);
    try (EasyAgentClient client = session.connect()) {
      Secret secret =
          all ? client.setSecretForAll(name, value) : client.setSecret(name, value, granted);
      session.show(secret, () -> session.console().print(table(List.of(secret))));
      session
          .console()
          .note(
              secret.outdated() == 0
                  ? "secret " + secret.name() + " is at version " + secret.version()
                  : "secret %s is at version %d; %s still the one before (see: easyagent apply)"
                      .formatted(secret.name(), secret.version(), have(secret.outdated())));
      return ExitStatus.DONE;
    }
  }

  private static String have(long agents) {
    return agents == 1 ? "1 agent has" : agents + " agents have";
  }

  private String value(String name) {
    if (session.console().terminal().input()) {
      throw CommandException.usage(
          "standard input is a terminal, which would show the value (expected: easyagent secret set "
              + name
              + " … < FILE)");
    }
    String text = Inputs.text(session, "standard input", "-", LARGEST_VALUE);
    if (text.indexOf('\uFFFD') >= 0) {
      throw CommandException.usage(
          "standard input: not UTF-8 text (expected: binary values as base64 or PEM)");
    }
    return text.replaceFirst("\\r?\\n\\z", "");
  }

  @Command(name = "list", description = "list secrets, without their values")
  int list() {
    try (EasyAgentClient client = session.connect()) {
      Page<Secret> secrets = client.secrets().collect(Long.MAX_VALUE);
      session.show(
          secrets,
          () -> {
            if (!secrets.items().isEmpty()) {
              session.console().print(table(secrets.items()));
            }
            session.console().print(Figures.count(secrets.total(), "secret"));
          });
      return ExitStatus.DONE;
    }
  }

  private Table table(List<Secret> secrets) {
    Table table =
        new Table()
            .column("NAME")
            .column("VERSION")
            .flexible("MAY USE IT")
            .column("HELD BY")
            .column("SET")
            .column("BY");
    for (Secret secret : secrets) {
      table.row(
          secret.name(),
          Long.toString(secret.version()),
          secret.agents().map(names -> String.join(",", names)).orElse("all agents"),
          new Table.Cell(secret.outdated() > 0 ? Tint.warning : Tint.plain, held(secret)),
          Figures.fullTime(secret.updatedAt(), session.zone()),
          secret.updatedBy());
    }
    return table;
  }

  private static String held(Secret secret) {
    return Figures.count(secret.heldBy(), "agent")
        + (secret.outdated() > 0 ? ", " + secret.outdated() + " outdated" : "");
  }

  @Command(name = "remove", description = "remove a secret that no agent has")
  int remove(@Parameters(paramLabel = "NAME", description = "the secret's name") String name) {
    try (EasyAgentClient client = session.connect()) {
      client.removeSecret(name);
      session.console().note("removed " + name);
      return ExitStatus.DONE;
    }
  }
}
