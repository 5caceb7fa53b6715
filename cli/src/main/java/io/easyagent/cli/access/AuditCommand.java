package io.easyagent.cli.access;

import io.easyagent.api.AuditEntry;
import io.easyagent.api.Page;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who did what. */
@Command(name = "audit", description = "show who did what, from where, and for how many hosts")
public final class AuditCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "at most so many (default 100)")
  private long limit = 100;

  public AuditCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (EasyAgentClient client = session.connect()) {
      Page<AuditEntry> entries = client.audit().collect(Inputs.limit(limit));
      session.show(entries, () -> print(entries));
      return ExitStatus.DONE;
    }
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
    String all = Figures.count(entries.total()) + (entries.total() == 1 ? " entry" : " entries");
    session
        .console()
        .print(
            entries.items().size() < entries.total()
                ? Figures.count(entries.items().size()) + " of " + all
                : all);
  }
}
