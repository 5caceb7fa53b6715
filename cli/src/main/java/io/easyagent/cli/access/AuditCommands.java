package io.easyagent.cli.access;

import io.easyagent.api.AuditEntry;
import io.easyagent.api.AuditHead;
import io.easyagent.api.AuditVerification;
import io.easyagent.api.Page;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who did what, and whether the log that tells it can be believed. */
@Command(name = "audit", description = "show and verify the log of who did what")
public final class AuditCommands {
  private static final int LONGEST_HEAD = 200;
  private static final Pattern HEAD = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64})\\s*");

  private final Session session;

  public AuditCommands(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "show who did what, from where, and for how many hosts")
  int list(
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "at most so many (default 100)")
          long limit) {
    try (EasyAgentClient client = session.connect()) {
      Page<AuditEntry> entries = client.audit().collect(Inputs.limit(limit));
      session.show(entries, () -> print(entries));
      return ExitStatus.DONE;
    }
  }

  @Command(name = "head", description = "print where the log ends, to be kept elsewhere")
  int head() {
    try (EasyAgentClient client = session.connect()) {
      AuditHead head = client.auditHead();
      session.show(head, () -> session.console().print(head.sequence() + " " + head.hash()));
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "verify",
      description = "compute the log's chain of hashes again; exit status 1 when it is broken")
  int verify(
      @Option(
              names = "--head",
              paramLabel = "FILE",
              description =
                  "what 'audit head' printed earlier: finds also a log that was cut or replaced; - is"
                      + " standard input")
          Optional<String> file) {
    Optional<AuditHead> kept =
        file.map(name -> kept(name, Inputs.text(session, "--head", name, LONGEST_HEAD)));
    try (EasyAgentClient client = session.connect()) {
      AuditVerification found = client.verifyAudit(kept);
      session.show(found, () -> print(found, kept));
      return found.sound() ? ExitStatus.DONE : ExitStatus.FAILED;
    }
  }

  private static AuditHead kept(String file, String text) {
    Matcher matcher = HEAD.matcher(text);
    if (!matcher.matches()) {
      throw CommandException.usage(
          "--head: %s is no head of an audit log (expected: the output of 'easyagent audit head', a"
                  .formatted(file)
              + " number and 64 hexadecimal digits)");
    }
    return new AuditHead(Long.parseLong(matcher.group(1)), matcher.group(2));
  }

  private void print(AuditVerification found, Optional<AuditHead> kept) {
    String entries = entries(found);
    if (found.sound()) {
      session
          .console()
          .print(
              kept.isPresent()
                  ? "sound: " + entries + ", and they lead through the head that was kept"
                  : "sound: " + entries + " (give --head to find a log that was cut or replaced)");
      return;
    }
    session
        .console()
        .print(Line.of(Tint.bad, "NOT SOUND: ").add(found.fault().orElse("the chain is broken")));
    session.console().print("sound up to here: " + entries + ", head " + found.head().hash());
  }

  private static String entries(AuditVerification found) {
    long first = found.removed().map(AuditHead::sequence).orElse(0L) + 1;
    long last = found.head().sequence();
    return first == 1
        ? entries(last)
        : "entries %s to %s (those before were removed by the server, which says so in the log)"
            .formatted(Figures.count(first), Figures.count(last));
  }

  private static String entries(long number) {
    return Figures.count(number) + (number == 1 ? " entry" : " entries");
  }

  private void print(Page<AuditEntry> entries) {
    Table table =
        new Table()
            .column("NUMBER")
            .column("AT")
            .flexible("WHO")
            .flexible("FROM")
            .column("ACTION")
            .flexible("SUBJECT")
            .column("HOSTS");
    for (AuditEntry entry : entries.items()) {
      table.row(
          entry.sequence(),
          Figures.fullTime(entry.at(), session.zone()),
          entry.actor(),
          entry.from(),
          entry.action(),
          entry.subject(),
          Figures.count(entry.hosts()));
    }
    if (!entries.items().isEmpty()) {
      session.console().print(table);
    }
    String all = entries(entries.total());
    session
        .console()
        .print(
            entries.items().size() < entries.total()
                ? Figures.count(entries.items().size()) + " of " + all
                : all);
  }
}
