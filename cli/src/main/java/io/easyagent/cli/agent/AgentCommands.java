package io.easyagent.cli.agent;

import io.easyagent.api.Agent;
import io.easyagent.api.Commands;
import io.easyagent.api.Page;
import io.easyagent.api.Targets;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Documents;
import io.easyagent.cli.console.Fields;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.exec.ExecOptions;
import io.easyagent.cli.exec.Execution;
import io.easyagent.cli.metric.MetricText;
import io.easyagent.cli.progress.Submission;
import io.easyagent.cli.progress.SubmitOptions;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import io.easyagent.cli.target.TargetOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Agents: the programs that people run. */
@Command(name = "agent", description = "list and show agents, and everything of their life")
public final class AgentCommands {
  static final int LARGEST_DEFINITION = 1 << 20;

  private final Session session;

  public AgentCommands(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "list agents, of all hosts or of some")
  int list(
      @Parameters(arity = "0..1", paramLabel = "AGENT", description = "only agents of this name")
          Optional<String> name,
      @Mixin TargetOptions targets,
      @Option(names = "--limit", paramLabel = "N", description = "at most so many")
          Optional<Long> limit) {
    Optional<Targets> chosen = targets.find(session);
    try (EasyAgentClient client = session.connect()) {
      Page<Agent> agents = find(client, chosen, name, Inputs.limit(limit.orElse(Long.MAX_VALUE)));
      session.show(
          agents,
          () -> {
            if (!agents.items().isEmpty()) {
              session.console().print(AgentTable.of(agents.items(), session.now(), session.zone()));
            }
            session.console().print(AgentTable.summary(agents.items(), agents.total()));
          });
      return ExitStatus.DONE;
    }
  }

  @Command(name = "top", description = "the agents that use most, as last reported")
  int top(
      @Parameters(arity = "0..1", paramLabel = "AGENT", description = "only agents of this name")
          Optional<String> name,
      @Mixin TargetOptions targets,
      @Option(
              names = "--sort",
              paramLabel = "METRIC",
              description = "cpu, memory, threads, files, read or written (default: cpu)")
          Optional<String> sort,
      @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 20)")
          Optional<Long> limit) {
    AgentTop top = AgentTop.by(sort);
    Optional<Targets> chosen = targets.find(session);
    try (EasyAgentClient client = session.connect()) {
      Page<Agent> agents = find(client, chosen, name, AgentTop.MOST_AGENTS);
      Page<Agent> first = top.of(agents, Inputs.limit(limit.orElse(AgentTop.USUAL)));
      session.show(
          first,
          () -> {
            if (!first.items().isEmpty()) {
              session.console().print(AgentTop.table(first.items()));
            }
            session.console().print(top.summary(first));
          });
      return ExitStatus.DONE;
    }
  }

  static Page<Agent> find(
      EasyAgentClient client, Optional<Targets> targets, Optional<String> name, long limit) {
    Optional<String> selector = targets.flatMap(Targets::selector);
    List<String> hosts = targets.flatMap(Targets::hosts).orElse(List.of());
    if (hosts.isEmpty()) {
      return client.agents(new AgentQuery(selector, Optional.empty(), name)).collect(limit);
    }
    List<Agent> all = new ArrayList<>();
    long total = 0;
    for (String host : hosts) {
      Page<Agent> page =
          client
              .agents(new AgentQuery(Optional.empty(), Optional.of(host), name))
              .collect(Math.max(1, limit - all.size()));
      all.addAll(page.items());
      total += page.total();
    }
    return new Page<>(all.stream().limit(limit).toList(), Optional.empty(), total);
  }

  @Command(name = "show", description = "show one agent with its definition")
  int show(
      @Parameters(paramLabel = "AGENT", description = "its name, or its id") String agent,
      @Option(names = "--host", paramLabel = "NAME|ID", description = "the host it is on")
          Optional<String> host) {
    try (EasyAgentClient client = session.connect()) {
      Agent found = require(client, agent, host);
      session.show(found, () -> print(found));
      return ExitStatus.DONE;
    }
  }

  static Agent require(EasyAgentClient client, String agent, Optional<String> host) {
    if (Inputs.isId(agent)) {
      return client.agent(Inputs.id("agent", agent));
    }
    Page<Agent> found =
        client.agents(new AgentQuery(Optional.empty(), host, Optional.of(agent))).collect(10);
    if (found.items().isEmpty()) {
      throw new CommandException(
          ExitStatus.FAILED,
          "no agent \"" + agent + "\"" + host.map(name -> " on " + name).orElse(" on any host"),
          "which there are: easyagent agent list");
    }
    if (found.total() > 1) {
      String some = String.join(", ", found.items().stream().map(Agent::hostName).toList());
      throw new CommandException(
          ExitStatus.USAGE,
          "agent \"" + agent + "\" is on " + Figures.count(found.total(), "host") + ": " + some,
          "say which: --host NAME");
    }
    return found.items().getFirst();
  }

  private void print(Agent agent) {
    Fields fields =
        new Fields()
            .add("agent", agent.name())
            .add("host", agent.hostName())
            .add("id", agent.id().toString())
            .add("type", agent.type().name())
            .add("desired", agent.desired().name())
            .add("state", AgentTable.tint(agent), AgentTable.word(agent.state()))
            .add("cause", AgentTable.cause(agent, session.now(), session.zone()))
            .add("health", AgentTable.health(agent.health()).text())
            .add("version", agent.version().orElse("-"))
            .add("config", AgentTable.configuration(agent).text())
            .add("restarts", Figures.count(agent.restarts()));
    agent.pid().ifPresent(pid -> fields.add("pid", pid.toString()));
    agent
        .since()
        .ifPresent(
            since -> fields.add("since", Figures.duration(Duration.between(since, session.now()))));
    MetricText.ofAgent(fields, agent.metrics());
    agent.conditions().forEach(condition -> fields.add("condition", condition));
    fields.print(session.console());
    session.console().print("");
    session.console().printText(Documents.yaml(agent.definition()));
  }

  @Command(name = "install", description = "install an agent as a definition says")
  int install(
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "an agent definition, YAML or JSON; - is standard input")
          String file,
      @Option(names = "--start", description = "start it once it is installed") boolean start,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(Commands.install(definition(file), start), targets, options);
  }

  @Command(name = "configure", description = "change an installed agent to what a definition says")
  int configure(
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "an agent definition, YAML or JSON; - is standard input")
          String file,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(
        io.easyagent.api.Command.define(io.easyagent.api.Command.Kind.configure, definition(file)),
        targets,
        options);
  }

  private String definition(String file) {
    return Inputs.text(session, "--file", file, LARGEST_DEFINITION);
  }

  @Command(name = "start", description = "start an agent and keep it running")
  int start(
      @Parameters(paramLabel = "AGENT") String agent,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(
        io.easyagent.api.Command.ofAgent(io.easyagent.api.Command.Kind.start, agent),
        targets,
        options);
  }

  @Command(name = "stop", description = "stop an agent, its whole process tree")
  int stop(
      @Parameters(paramLabel = "AGENT") String agent,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(
        io.easyagent.api.Command.ofAgent(io.easyagent.api.Command.Kind.stop, agent),
        targets,
        options);
  }

  @Command(name = "restart", description = "stop and start an agent")
  int restart(
      @Parameters(paramLabel = "AGENT") String agent,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(
        io.easyagent.api.Command.ofAgent(io.easyagent.api.Command.Kind.restart, agent),
        targets,
        options);
  }

  @Command(name = "upgrade", description = "change an agent's package version alone")
  int upgrade(
      @Parameters(index = "0", paramLabel = "AGENT") String agent,
      @Parameters(index = "1", paramLabel = "VERSION", description = "of its package")
          String version,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(Commands.upgrade(agent, version), targets, options);
  }

  @Command(name = "uninstall", description = "stop an agent and remove it; its data stays")
  int uninstall(
      @Parameters(paramLabel = "AGENT") String agent,
      @Option(names = "--purge", description = "remove its data folder too") boolean purge,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return run(Commands.uninstall(agent, purge), targets, options);
  }

  @Command(name = "exec", description = "run a command or script as an agent's user")
  int exec(
      @Parameters(index = "0", paramLabel = "AGENT") String agent,
      @Parameters(
              index = "1..*",
              paramLabel = "WORD",
              description = "the command, or the script's parameters")
          @Nullable List<String> words,
      @Mixin ExecOptions exec,
      @Mixin TargetOptions targets,
      @Mixin SubmitOptions options) {
    return new Execution(session, options)
        .run(exec.command(session, Optional.of(agent), words), targets.require(session));
  }

  @Command(
      name = "logs",
      description = "show what an agent prints; with --follow also what it will")
  int logs(
      @Parameters(paramLabel = "AGENT", description = "its name, or its id") String agent,
      @Option(
              names = {"-f", "--follow"},
              description = "go on until Ctrl-C")
          boolean follow,
      @Option(
              names = "--since",
              paramLabel = "AGE|TIME",
              description = "begin with what was printed since: 10m, or 2026-11-22T14:00:00Z")
          @Nullable String since,
      @Option(
              names = "--tail",
              paramLabel = "N",
              description =
                  "begin with the last so many lines, at most 10000 (default: 100, with --since all)")
          @Nullable Integer tail,
      @Mixin TargetOptions targets)
      throws InterruptedException {
    LogReading reading = new LogReading(session, LogReading.query(since, tail), follow);
    Optional<Targets> chosen = targets.find(session);
    try (EasyAgentClient client = session.connect()) {
      return reading.run(client, LoggedAgents.find(client, agent, chosen));
    }
  }

  private int run(io.easyagent.api.Command command, TargetOptions targets, SubmitOptions options) {
    Targets chosen = targets.require(session);
    try (EasyAgentClient client = session.connect()) {
      return new Submission(session, client, options).run(command, chosen);
    }
  }
}
