package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Command.Exec;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.policy.Demand.CommandLine;
import io.easyagent.sidecar.policy.Demand.Place;
import io.easyagent.sidecar.policy.Demand.RunAs;
import io.easyagent.sidecar.prepare.Account;
import io.easyagent.sidecar.prepare.Accounts;
import io.easyagent.sidecar.prepare.AgentVariables;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.LaunchPlans;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.Programs;
import io.easyagent.sidecar.prepare.ScriptFiles;
import io.easyagent.sidecar.prepare.Variables;
import io.easyagent.sidecar.supervise.HostRules;
import io.easyagent.sidecar.supervise.LaunchPlan;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Asks the host's policy about commands as they come, and about processes as they start. A command
 * is refused while the policy cannot be used; an agent that was accepted before is started anew all
 * the same, so that a slip of the pen stops nothing that runs.
 */
public final class PolicyRules implements HostRules {
  private final PolicySource source;
  private final Accounts accounts;
  private final HostFolders folders;
  private final LaunchPlans plans;
  private final AgentVariables variables;

  public PolicyRules(
      PolicySource source,
      Accounts accounts,
      HostFolders folders,
      LaunchPlans plans,
      AgentVariables variables) {
    this.source = source;
    this.accounts = accounts;
    this.folders = folders;
    this.plans = plans;
    this.variables = variables;
  }

  /** Root of this host wrote the one as the other: none binds what the host defines itself. */
  @Override
  public HostRules of(AgentId agent) {
    return agent.isHosts() ? HostRules.NONE : this;
  }

  /**
   * Why a command may not be carried out, in one line; what the host has of its own always may.
   *
   * @param installed the agent that it is for, where there is one
   */
  public Optional<String> againstCommand(TakenCommand command, Optional<AgentRecord> installed) {
    if (command.id().isHosts()) {
      return Optional.empty();
    }
    return switch (source.current()) {
      case PolicySource.State.Unusable(String reason) ->
          new Verdict.Refused("it cannot be relied on: " + reason).refusal();
      case PolicySource.State.InForce(Policy policy) -> {
        if (policy.equals(Policy.USUAL) && !mayLoad(command.command())) {
          yield Optional.empty();
        }
        try {
          yield policy.check(demand(command, installed)).refusal();
        } catch (PrepareException notRendered) {
          // What cannot be judged is not carried out; without the policy it would fail all the
          // same.
          yield Optional.of(String.valueOf(notRendered.getMessage()));
        }
      }
    };
  }

  /**
   * The keys that a distribution of the sidecar must be signed with, where the host's own rules
   * name them; empty: those that came with the installation.
   *
   * @throws PrepareException while the policy cannot be relied on
   */
  public Optional<KeyRing> sidecarKeys() throws PrepareException {
    return switch (source.current()) {
      case PolicySource.State.Unusable(String reason) ->
          throw new PrepareException(
              new Verdict.Refused("it cannot be relied on: " + reason).refusal().orElseThrow());
      case PolicySource.State.InForce(Policy policy) -> policy.sidecarKeys();
    };
  }

  /** Whether the one rule that holds on every host could concern the command. */
  private static boolean mayLoad(Command command) {
    return switch (command) {
      case Command.Install install -> !install.definition().environment().isEmpty();
      case Command.Configure configure -> !configure.definition().environment().isEmpty();
      case Exec exec -> !exec.environment().isEmpty();
      case Command.Start start -> false;
      case Command.Stop stop -> false;
      case Command.Restart restart -> false;
      case Command.Uninstall uninstall -> false;
      case Command.UpgradeSidecar upgrade -> false;
      case Command.ConfigureSidecar configure -> false;
    };
  }

  @Override
  public Optional<String> againstLaunch(LaunchPlan plan) {
    return switch (source.current()) {
      case PolicySource.State.Unusable unusable -> Optional.empty();
      case PolicySource.State.InForce(Policy policy) -> policy.check(demand(plan)).refusal();
    };
  }

  @Override
  public Optional<String> againstCommandLine(List<String> command, Optional<String> user) {
    return switch (source.current()) {
      case PolicySource.State.Unusable(String reason) ->
          new Verdict.Refused("it cannot be relied on: " + reason).refusal();
      case PolicySource.State.InForce(Policy policy) ->
          policy
              .check(
                  new Demand(
                      Optional.empty(),
                      Optional.of(runAs(user)),
                      Optional.empty(),
                      // Where its program lies was judged when the command was taken.
                      List.of(new CommandLine(command.getFirst(), true, new Place.InPackage())),
                      List.of(),
                      Set.of()))
              .refusal();
    };
  }

  @Override
  public boolean allowsProbe(InetAddress address) {
    return switch (source.current()) {
      case PolicySource.State.Unusable unusable -> true;
      case PolicySource.State.InForce(Policy policy) -> policy.allowsProbe(address);
    };
  }

  /** What operators should know: a policy that is no good, and agents that it does not allow. */
  public List<String> conditions(Iterable<AgentRecord> agents) {
    return switch (source.current()) {
      case PolicySource.State.Unusable(String reason) ->
          List.of("policy: no command is taken, agents run on: " + reason);
      case PolicySource.State.InForce(Policy policy) -> {
        List<String> conditions = new ArrayList<>();
        if (!policy.equals(Policy.USUAL)) {
          for (AgentRecord agent : agents) {
            (agent.id().isHosts() ? Optional.<String>empty() : refusal(policy, agent))
                .ifPresent(reason ->
                    conditions.add(
                        "policy: agent "
                            + agent.definition().name()
                            + " would not be started again: "
                            + reason));
          }
        }
        yield conditions;
      }
    };
  }

  private Optional<String> refusal(Policy policy, AgentRecord agent) {
    try {
      return switch (policy.check(demand(plans.plan(agent)))) {
        case Verdict.Allowed() -> Optional.empty();
        case Verdict.Refused(String reason) -> Optional.of(reason);
      };
    } catch (PrepareException notPlanned) {
      return Optional.empty();
    }
  }

  private Demand demand(TakenCommand command, Optional<AgentRecord> installed)
      throws PrepareException {
    Optional<OperationKind> kind = Optional.of(OperationKind.of(command.command()));
    return switch (command.command()) {
      case Command.Install install ->
          definition(command, install.agent(), install.definition(), kind);
      case Command.Configure configure ->
          definition(command, configure.agent(), configure.definition(), kind);
      case Command.Start start -> withKind(installed, kind);
      case Command.Restart restart -> withKind(installed, kind);
      case Command.Stop stop -> nothing(kind);
      case Command.Uninstall uninstall -> uninstall(installed, kind);
      case Exec exec -> exec(exec, installed, kind);
      // Whose distribution it is, the operation itself asks before it fetches anything.
      case Command.UpgradeSidecar upgrade -> nothing(kind);
      case Command.ConfigureSidecar configure -> nothing(kind);
    };
  }

  private static Demand nothing(Optional<OperationKind> kind) {
    return new Demand(kind, Optional.empty(), Optional.empty(), List.of(), List.of(), Set.of());
  }

  /** A start brings nothing of its own: it is about what was installed. */
  private Demand withKind(Optional<AgentRecord> installed, Optional<OperationKind> kind)
      throws PrepareException {
    if (installed.isEmpty()) {
      return nothing(kind);
    }
    Demand launch = demand(plans.plan(installed.get()));
    return new Demand(
        kind,
        launch.account(),
        launch.packageReference(),
        launch.commandLines(),
        launch.probes(),
        launch.variables());
  }

  private Demand uninstall(Optional<AgentRecord> installed, Optional<OperationKind> kind) {
    Optional<Script> script = installed.flatMap(agent -> agent.definition().uninstall());
    return script.isEmpty()
        ? nothing(kind)
        : new Demand(
            kind,
            installed.map(agent -> runAs(Optional.of(agent.definition().user()))),
            Optional.empty(),
            List.of(
                line(
                    "uninstall",
                    true,
                    ScriptFiles.interpreter(script.get().script()),
                    Optional.empty())),
            List.of(),
            Set.of());
  }

  private Demand exec(Exec exec, Optional<AgentRecord> installed, Optional<OperationKind> kind)
      throws PrepareException {
    Optional<String> user = exec.user().or(() -> installed.map(agent -> agent.definition().user()));
    String program =
        switch (exec.work()) {
          case Exec.Work.Arguments(List<String> command) ->
              Programs.resolve(command, exec.environment().getOrDefault("PATH", Programs.PATH))
                  .getFirst();
          case Exec.Work.ShellScript(String script, List<String> parameters) ->
              ScriptFiles.interpreter(script);
        };
    return new Demand(
        kind,
        Optional.of(runAs(user)),
        Optional.empty(),
        List.of(line("command", true, program, packageOf(installed.map(AgentRecord::definition)))),
        List.of(),
        exec.environment().keySet());
  }

  private Demand definition(
      TakenCommand command, AgentId agent, AgentDefinition definition, Optional<OperationKind> kind)
      throws PrepareException {
    // No program depends on a secret: none is in a command.
    Variables known =
        variables.withoutSecrets(agent, definition, command.hostName(), command.labels());
    return demand(kind, definition, plans.programs(definition, known));
  }

  private Demand demand(LaunchPlan plan) {
    Map<String, String> programs = new LinkedHashMap<>();
    programs.put(LaunchPlans.OWN, plan.command().getFirst());
    programs.putAll(LaunchPlans.furtherPrograms(plan.definition()));
    return demand(Optional.empty(), plan.definition(), programs);
  }

  private Demand demand(
      Optional<OperationKind> kind, AgentDefinition definition, Map<String, String> programs) {
    Optional<Path> own = packageOf(Optional.of(definition));
    List<CommandLine> lines = new ArrayList<>();
    programs.forEach(
        (what, program) -> lines.add(line(what, !what.equals(LaunchPlans.OWN), program, own)));
    return new Demand(
        kind,
        Optional.of(runAs(Optional.of(definition.user()))),
        definition.packageReference(),
        lines,
        probes(definition),
        definition.environment().keySet());
  }

  /** The folder of the version that a definition runs. */
  private Optional<Path> packageOf(Optional<AgentDefinition> definition) {
    try {
      Optional<PackageReference> reference = definition.flatMap(AgentDefinition::packageReference);
      return reference.isEmpty()
          ? Optional.empty()
          : Optional.of(
              folders.agent(definition.orElseThrow().name()).version(reference.get().version()));
    } catch (PrepareException noSuchFolder) {
      return Optional.empty();
    }
  }

  private RunAs runAs(Optional<String> user) {
    if (user.isEmpty()) {
      return new RunAs(accounts.own().name(), OptionalInt.of(accounts.own().uid()));
    }
    Optional<Account> account = accounts.find(user.get());
    return new RunAs(
        user.get(),
        account.isPresent() ? OptionalInt.of(account.get().uid()) : OptionalInt.empty());
  }

  private CommandLine line(
      String what, boolean further, String program, Optional<Path> packageFolder) {
    return new CommandLine(what, further, place(program, packageFolder));
  }

  /** Names are looked up when the probe is made, and judged then. */
  private static List<Demand.ProbedAddress> probes(AgentDefinition definition) {
    List<Demand.ProbedAddress> probes = new ArrayList<>();
    definition
        .ready()
        .flatMap(Readiness::probe)
        .flatMap(PolicyRules::literal)
        .ifPresent(address -> probes.add(new Demand.ProbedAddress("ready", address)));
    definition
        .health()
        .flatMap(health -> literal(health.probe()))
        .ifPresent(address -> probes.add(new Demand.ProbedAddress("health", address)));
    return probes;
  }

  private static Optional<InetAddress> literal(Probe probe) {
    String host =
        switch (probe) {
          case Probe.Command command -> "";
          case Probe.Http(URI url) -> Optional.ofNullable(url.getHost()).orElse("");
          case Probe.Tcp(String name, int port) -> name;
        };
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  /** What is no path is nowhere: only rules about paths care, and they do not know it. */
  private Place place(String program, Optional<Path> packageFolder) {
    Path given;
    try {
      given = Path.of(program).normalize();
    } catch (InvalidPathException none) {
      given = Path.of("/");
    }
    Path real = PolicyText.real(given);
    if (packageFolder.isPresent()
        && given.startsWith(packageFolder.get())
        && real.startsWith(PolicyText.real(packageFolder.get()))) {
      return new Place.InPackage();
    }
    return new Place.OnHost(given, real, real.startsWith(PolicyText.real(folders.data())));
  }
}
