package io.easyagent.cli.host;

import io.easyagent.api.Agent;
import io.easyagent.api.Host;
import io.easyagent.api.HostResolution;
import io.easyagent.api.LabelChange;
import io.easyagent.api.Page;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.HostQuery;
import io.easyagent.cli.agent.AgentTable;
import io.easyagent.cli.console.Fields;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.metric.MetricText;
import io.easyagent.cli.progress.HostTint;
import io.easyagent.cli.session.CommandException;
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

/** Hosts: the machines with a sidecar. */
@Command(name = "host", description = "list, show, label, decide on and remove hosts")
public final class HostCommands {
  private final Session session;

  public HostCommands(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "list hosts")
  int list(
      @Option(
              names = {"-l", "--hosts"},
              paramLabel = "SELECTOR",
              description = "only hosts that match, for example role=web,!canary")
          Optional<String> selector,
      @Option(names = "--name", paramLabel = "NAME", description = "only hosts of this name")
          Optional<String> name,
      @Option(names = "--limit", paramLabel = "N", description = "at most so many")
          Optional<Long> limit) {
    try (EasyAgentClient client = session.connect()) {
      Page<Host> hosts =
          client
              .hosts(new HostQuery(selector, name))
              .collect(Inputs.limit(limit.orElse(Long.MAX_VALUE)));
      session.show(
          hosts,
          () -> {
            if (!hosts.items().isEmpty()) {
              session.console().print(HostTable.of(hosts.items(), session.now(), session.zone()));
            }
            session.console().print(HostTable.summary(hosts.items(), hosts.total()));
          });
      return ExitStatus.DONE;
    }
  }

  @Command(name = "show", description = "show one host with its agents")
  int show(
      @Parameters(paramLabel = "HOST", description = "its name or the beginning of its id")
          String name) {
    try (EasyAgentClient client = session.connect()) {
      Host host = client.host(name);
      session.show(host, () -> print(host, agentsOf(client, host)));
      return ExitStatus.DONE;
    }
  }

  private static List<Agent> agentsOf(EasyAgentClient client, Host host) {
    return client
        .agents(
            new AgentQuery(Optional.empty(), Optional.of(host.id().toString()), Optional.empty()))
        .collect(Long.MAX_VALUE)
        .items();
  }

  private void print(Host host, List<Agent> agents) {
    Fields fields =
        new Fields()
            .add("host", host.name())
            .add("id", host.id().toString())
            .add("status", HostTint.of(host.status()), HostTable.status(host, session.now()))
            .add("seen", HostTable.seen(host, session.now(), session.zone()))
            .add("enrolled", Figures.fullTime(host.enrolledAt(), session.zone()))
            .add(
                "certificate",
                host.certificateExpires()
                    .map(end -> "until " + Figures.fullTime(end, session.zone()))
                    .orElse("-"))
            .add("sidecar", host.sidecarVersion().orElse("-"))
            .add("labels", HostTable.labels(host));
    new TreeMap<>(host.facts()).forEach((name, value) -> fields.add("fact." + name, value));
    MetricText.ofHost(fields, host.metrics(), host.facts());
    if (host.ephemeral()) {
      fields.add("ephemeral", "goes by itself");
    }
    host.conditions().forEach(condition -> fields.add("condition", condition));
    fields.print(session.console());
    if (!host.copies().isEmpty()) {
      session.console().print("");
      session.console().print(CopyTable.of(host.copies(), session.now(), session.zone()));
    }
    if (host.status() == Host.Status.conflicted) {
      session.console().print(CopyTable.question(host));
    }
    if (!agents.isEmpty()) {
      session.console().print("");
      session.console().print(AgentTable.of(agents, session.now(), session.zone()));
    }
  }

  @Command(name = "label", description = "set and remove labels of a host")
  int label(
      @Parameters(
              index = "0",
              paramLabel = "HOST",
              description = "its name or the beginning of its id")
          String name,
      @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "labels to set")
          @Nullable List<String> set,
      @Option(names = "--remove", paramLabel = "KEY", description = "a label to remove; repeatable")
          @Nullable List<String> remove) {
    Map<String, String> labels = Inputs.pairs("label", set == null ? List.of() : set);
    List<String> removed = remove == null ? List.of() : remove;
    if (labels.isEmpty() && removed.isEmpty()) {
      throw CommandException.usage("nothing to change (expected: KEY=VALUE or --remove KEY)");
    }
    try (EasyAgentClient client = session.connect()) {
      Host host = client.changeLabels(name, new LabelChange(labels, removed));
      session.show(
          host, () -> session.console().print(host.name() + ": " + HostTable.labels(host)));
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "resolve",
      description = "decide which of the machines that claim a host's identity keeps it")
  int resolve(
      @Parameters(paramLabel = "HOST", description = "its name or the beginning of its id")
          String name,
      @Option(
              names = "--keep",
              paramLabel = "COPY",
              description = "its id, address, host name, or the beginning of its machine id")
          Optional<String> keep) {
    try (EasyAgentClient client = session.connect()) {
      Host host = client.host(name);
      if (keep.isEmpty()) {
        session.console().print(CopyTable.of(host.copies(), session.now(), session.zone()));
        throw CommandException.usage(
            host.status() == Host.Status.conflicted
                ? "which copy keeps the identity of "
                    + host.name()
                    + "? Nothing was done (expected: --keep COPY)"
                : host.name() + " is " + host.status() + " (expected: conflicted)");
      }
      Host resolved = client.resolveHost(host.id().toString(), new HostResolution(keep.get()));
      session.show(
          resolved,
          () -> {
            session
                .console()
                .note(
                    resolved.name()
                        + ": decided; the copy that keeps the identity is back within half a minute");
            for (Host.Copy copy : resolved.copies()) {
              session
                  .console()
                  .note(
                      "refused: copy %s, %s at %s; there: easyagent-sidecar reset, then enrol it"
                          .formatted(copy.id(), copy.hostName(), copy.address()));
            }
          });
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "approve",
      description = "approve a pending host: the certificate that it presented counts")
  int approve(
      @Parameters(paramLabel = "HOST", description = "its name or the beginning of its id")
          String name) {
    try (EasyAgentClient client = session.connect()) {
      Host host = client.approveHost(client.host(name).id().toString());
      session.show(
          host, () -> session.console().note("approved " + host.name() + " (" + host.id() + ")"));
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "remove",
      description = "remove a host: its certificate is revoked, its agents run on unmanaged")
  int remove(
      @Parameters(paramLabel = "HOST", description = "its name or the beginning of its id")
          String name,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes) {
    try (EasyAgentClient client = session.connect()) {
      Host host = client.host(name);
      if (!yes) {
        confirm(host);
      }
      client.removeHost(host.id().toString());
      session.console().note("removed " + host.name() + " (" + host.id() + ")");
      return ExitStatus.DONE;
    }
  }

  private void confirm(Host host) {
    if (!session.console().terminal().input()) {
      throw new CommandException(
          ExitStatus.USAGE,
          "removing " + host.name() + " needs a yes, nothing was done",
          "if that is meant, add --yes");
    }
    String question =
        "remove "
            + host.name()
            + " ("
            + HostTable.status(host, session.now())
            + ", "
            + Figures.count(host.agents().total(), "agent")
            + ")?";
    if (!session.console().confirm(question)) {
      throw CommandException.failed("nothing was done");
    }
  }
}
