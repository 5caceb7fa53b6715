package io.easyagent.cli.access;

import static java.util.stream.Collectors.joining;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.Installation;
import io.easyagent.api.Page;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tokens with which hosts enrol. */
@Command(name = "enroll-token", description = "create, list and revoke tokens for new hosts")
public final class EnrollTokenCommands {
  private final Session session;

  public EnrollTokenCommands(Session session) {
    this.session = session;
  }

  @Command(name = "create", description = "create a token and print the command for new hosts")
  int create(
      @Option(
              names = "--label",
              paramLabel = "KEY=VALUE",
              description = "given to every host that enrols with it; repeatable")
          @Nullable List<String> labels,
      @Option(
              names = "--uses",
              paramLabel = "N",
              description = "how many hosts may enrol (default 1)")
          Optional<Integer> uses,
      @Option(
              names = "--lifetime",
              paramLabel = "DURATION",
              description = "default 1h, at most 30d")
          Optional<String> lifetime,
      @Option(
              names = "--network",
              paramLabel = "CIDR",
              description = "hosts must come from here; repeatable")
          @Nullable List<String> networks,
      @Option(
              names = "--ephemeral",
              description =
                  "for short-lived hosts, removed once they have been offline for a while")
          boolean ephemeral,
      @Option(
              names = "--offline",
              description = "print the command for hosts that reach only port 8890 of the server")
          boolean offline) {
    Map<String, String> given = Inputs.pairs("--label", labels == null ? List.of() : labels);
    EnrollTokenRequest request =
        new EnrollTokenRequest(
            given.isEmpty() ? Optional.empty() : Optional.of(given),
            uses,
            Inputs.checkedDuration("--lifetime", lifetime),
            Optional.ofNullable(networks),
            ephemeral ? Optional.of(true) : Optional.empty());
    try (EasyAgentClient client = session.connect()) {
      EnrollToken token = client.createEnrollToken(request);
      session.show(token, () -> printCommand(token, offline));
      return ExitStatus.DONE;
    }
  }

  private void printCommand(EnrollToken token, boolean offline) {
    List<String> lines =
        token
            .installation()
            .filter(installation -> !offline && !installation.archives().isEmpty())
            .map(installation -> InstallText.online(token, installation))
            .orElseGet(() -> InstallText.offline(token));
    session
        .console()
        .note(
            "for "
                + Figures.count(token.uses(), token.ephemeral() ? "ephemeral host" : "host")
                + (token.labels().isEmpty() ? "" : " with " + labels(token))
                + ", until "
                + Figures.fullTime(token.expiresAt(), session.zone())
                + "; the token is not shown again");
    List<Installation.Archive> archives =
        token.installation().map(Installation::archives).orElse(List.of());
    if (archives.isEmpty()) {
      session
          .console()
          .note(
              "the server has no sidecar to give (see sidecarArchives in its configuration): copy the"
                  + " archive to each host, check it against its SHA256SUMS, and run this there as"
                  + " root:");
    } else if (offline) {
      String files = archives.stream().map(Installation.Archive::file).collect(joining(" or "));
      session
          .console()
          .note("copy " + files + " to each host, from the server's distribution, folder sidecar,");
      session
          .console()
          .note("and run this there as root, the copied file in its last line but two:");
    } else {
      session.console().note("run this on each host as root:");
    }
    lines.forEach(session.console()::print);
  }

  @Command(name = "list", description = "list enrolment tokens, without their secrets")
  int list() {
    try (EasyAgentClient client = session.connect()) {
      Page<EnrollToken> tokens = client.enrollTokens().collect(Long.MAX_VALUE);
      session.show(tokens, () -> print(tokens));
      return ExitStatus.DONE;
    }
  }

  private void print(Page<EnrollToken> tokens) {
    Table table =
        new Table()
            .column("ID")
            .column("USES LEFT")
            .flexible("LABELS")
            .flexible("NETWORKS")
            .column("HOSTS")
            .column("EXPIRES")
            .flexible("BY");
    for (EnrollToken token : tokens.items()) {
      table.row(
          token.id().toString(),
          token.usesLeft() + "/" + token.uses(),
          token.labels().isEmpty() ? "-" : labels(token),
          token.networks().isEmpty() ? "any" : String.join(",", token.networks()),
          token.ephemeral() ? "ephemeral" : "stay",
          Figures.fullTime(token.expiresAt(), session.zone())
              + (token.expiresAt().isBefore(session.now()) ? " expired" : ""),
          token.createdBy());
    }
    if (!tokens.items().isEmpty()) {
      session.console().print(table);
    }
    session.console().print(Figures.count(tokens.total(), "enrolment token"));
  }

  @Command(name = "revoke", description = "end an enrolment token; hosts that enrolled stay")
  int revoke(@Parameters(paramLabel = "ID", description = "the token's id") String id) {
    try (EasyAgentClient client = session.connect()) {
      client.revokeEnrollToken(Inputs.id("enrolment token", id));
      session.console().note("revoked " + id);
      return ExitStatus.DONE;
    }
  }

  private static String labels(EnrollToken token) {
    return new TreeMap<>(token.labels())
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(joining(","));
  }
}
