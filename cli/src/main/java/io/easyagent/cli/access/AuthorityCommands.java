package io.easyagent.cli.access;

import io.easyagent.api.Authorities;
import io.easyagent.api.Authority;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Session;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The fleet's certificate authorities: who issues, and the change from one to the next. */
@Command(
    name = "ca",
    description = "show, change and trust the fleet's certificate authorities",
    footer = {
      "",
      "A change of authority: ca rotate, then ca trust wherever easyagent is used, then ca show until",
      "no host is left to move, then ca retire."
    })
public final class AuthorityCommands {
  private final Session session;

  public AuthorityCommands(Session session) {
    this.session = session;
  }

  @Command(name = "show", description = "show who issues, and how far a change of authority is")
  int show() {
    try (EasyAgentClient client = session.connect()) {
      print(client.authorities());
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "rotate",
      description = "make a new authority; the one before stays trusted until it is retired")
  int rotate() {
    try (EasyAgentClient client = session.connect()) {
      print(client.rotateAuthority());
      session.console().note("hosts renew their certificates within the next minutes");
      session.console().note("wherever easyagent is used: easyagent ca trust");
      return ExitStatus.DONE;
    }
  }

  @Command(name = "retire", description = "end the trust in the authority that is being retired")
  int retire(
      @Option(
              names = "--force",
              description = "also when hosts have not moved: they must be enrolled anew")
          boolean force,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes) {
    try (EasyAgentClient client = session.connect()) {
      Authorities before = client.authorities();
      String fingerprint =
          before.authorities().stream()
              .filter(authority -> authority.role() == Authority.Role.retiring)
              .findFirst()
              .map(Authority::fingerprint)
              .orElseThrow(() ->
                  new CommandException(
                      ExitStatus.FAILED,
                      "no authority is being retired, nothing was done",
                      "a change of authority begins with: easyagent ca rotate"));
      if (force && before.hostsToMove() > 0 && !yes) {
        confirm(before);
      }
      print(client.retireAuthority(fingerprint, force));
      return ExitStatus.DONE;
    }
  }

  private void confirm(Authorities before) {
    String what =
        "cut off "
            + Figures.count(before.hostsToMove(), "host")
            + " until they are enrolled anew ("
            + String.join(", ", before.someHostsToMove())
            + ")";
    if (!session.console().terminal().input()) {
      throw new CommandException(
          ExitStatus.USAGE,
          "this would " + what + " and needs a yes, nothing was done",
          "if that is meant, add --yes");
    }
    if (!session.console().confirm(what + "?")) {
      throw CommandException.failed("nothing was done");
    }
  }

  @Command(
      name = "trust",
      description = "pin the authorities that the server trusts now, in this user's configuration")
  int trust() throws IOException {
    ConfigurationFile file = session.configurationFile();
    Configuration before = file.read();
    try (EasyAgentClient client = session.connect()) {
      Authorities authorities = client.authorities();
      String pem = authorities.pem();
      ServerTrust.Authority.parse(pem);
      file.write(new Configuration(before.server(), pem, before.token()));
      session.show(
          authorities,
          () ->
              session
                  .console()
                  .print(
                      "trusted from now on: "
                          + String.join(
                              ", ",
                              authorities.authorities().stream()
                                  .map(Authority::fingerprint)
                                  .toList())));
      session.console().note("written to " + file.path());
      return ExitStatus.DONE;
    }
  }

  private void print(Authorities authorities) {
    session.show(
        authorities,
        () -> {
          Table table = new Table().column("AUTHORITY").column("ROLE").column("EXPIRES");
          for (Authority authority : authorities.authorities()) {
            table.row(
                authority.fingerprint(),
                authority.role().toString(),
                Figures.fullTime(authority.expires(), session.zone()));
          }
          session.console().print(table);
          session
              .console()
              .print(
                  "server's certificate until "
                      + Figures.fullTime(authorities.serverCertificateExpires(), session.zone()));
          if (authorities.hostsToMove() > 0) {
            session
                .console()
                .print(
                    Figures.count(authorities.hostsToMove(), "host")
                        + " to move: "
                        + String.join(", ", authorities.someHostsToMove())
                        + (authorities.hostsToMove() > authorities.someHostsToMove().size()
                            ? ", …"
                            : ""));
          } else if (authorities.authorities().size() > 1) {
            session.console().print("every host has moved (next: easyagent ca retire)");
          }
        });
  }
}
