package io.easyagent.cli.access;

import io.easyagent.api.Page;
import io.easyagent.api.Token;
import io.easyagent.api.TokenRequest;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Operators' access tokens. */
@Command(name = "token", description = "create, list and revoke operators' tokens")
public final class TokenCommands {
  private final Session session;

  public TokenCommands(Session session) {
    this.session = session;
  }

  @Command(name = "create", description = "create a token; its secret is printed once, and alone")
  int create(
      @Parameters(paramLabel = "NAME", description = "whose it is, for people and the audit log")
          String name,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description = "${COMPLETION-CANDIDATES}")
          Token.Role role,
      @Option(
              names = "--exec",
              description = "may run command lines on hosts, also those in definitions")
          boolean exec,
      @Option(
              names = "--max-hosts",
              paramLabel = "N",
              description = "commands at most so many hosts at once (default: any number)")
          Optional<Integer> maxHosts,
      @Option(
              names = "--hosts",
              paramLabel = "SELECTOR",
              description = "sees and commands hosts with these labels only (default: every host)")
          Optional<String> hosts,
      @Option(
              names = "--lifetime",
              paramLabel = "DURATION",
              description = "default 90d, at most 365d")
          Optional<String> lifetime) {
    TokenRequest request =
        new TokenRequest(
            name,
            role,
            exec ? Optional.of(true) : Optional.empty(),
            checkedMost(maxHosts),
            hosts,
            Inputs.checkedDuration("--lifetime", lifetime));
    try (EasyAgentClient client = session.connect()) {
      Token token = client.createToken(request);
      session.show(token, () -> session.console().print(token.token().orElse("")));
      session
          .console()
          .note(
              "token "
                  + token.id()
                  + " for "
                  + token.name()
                  + " ("
                  + rights(token)
                  + ", until "
                  + Figures.fullTime(token.expiresAt(), session.zone())
                  + "); it is not shown again");
      return ExitStatus.DONE;
    }
  }

  @Command(name = "list", description = "list tokens, without their secrets")
  int list() {
    try (EasyAgentClient client = session.connect()) {
      Page<Token> tokens = client.tokens().collect(Long.MAX_VALUE);
      session.show(
          tokens,
          () -> {
            if (!tokens.items().isEmpty()) {
              session.console().print(table(tokens.items()));
            }
            session.console().print(Figures.count(tokens.total(), "token"));
          });
      return ExitStatus.DONE;
    }
  }

  @Command(name = "whoami", description = "show the token that is in use")
  int whoami() {
    try (EasyAgentClient client = session.connect()) {
      Token token = client.whoami();
      session.show(token, () -> session.console().print(table(List.of(token))));
      return ExitStatus.DONE;
    }
  }

  private Table table(List<Token> tokens) {
    Table table =
        new Table()
            .column("ID")
            .flexible("NAME")
            .flexible("RIGHTS")
            .column("CREATED")
            .column("EXPIRES");
    for (Token token : tokens) {
      boolean expired = token.expiresAt().isBefore(session.now());
      table.row(
          token.id().toString(),
          token.name(),
          rights(token),
          Figures.fullTime(token.createdAt(), session.zone()),
          new Table.Cell(
              expired ? Tint.bad : Tint.plain,
              Figures.fullTime(token.expiresAt(), session.zone()) + (expired ? " expired" : "")));
    }
    return table;
  }

  @Command(name = "revoke", description = "end a token at once")
  int revoke(@Parameters(paramLabel = "ID", description = "the token's id") String id) {
    try (EasyAgentClient client = session.connect()) {
      client.revokeToken(Inputs.id("token", id));
      session.console().note("revoked " + id);
      return ExitStatus.DONE;
    }
  }

  private static Optional<Integer> checkedMost(Optional<Integer> maxHosts) {
    maxHosts
        .filter(most -> most < 1)
        .ifPresent(most -> {
          throw CommandException.usage("--max-hosts: " + most + " (expected: 1 or more)");
        });
    return maxHosts;
  }

  static String rights(Token token) {
    return token.role()
        + (token.exec() ? " with exec" : "")
        + token.maxHosts().map(most -> ", " + Figures.count(most, "host") + " at once").orElse("")
        + token.hosts().map(hosts -> ", only " + hosts).orElse("");
  }
}
