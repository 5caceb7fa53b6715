package io.easyagent.server.operation.api;

import io.easyagent.api.Command.Kind;
import io.easyagent.definition.Names;
import io.easyagent.definition.PackageReference;
import io.easyagent.definition.Shown;
import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.Agents;
import io.easyagent.server.agent.DefinitionResolver;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.NewBatch.Order;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a command of the API as orders to hosts. */
final class OrderReader {
  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final int MOST_ARGUMENTS = 256;
  private static final int MOST_VARIABLES = 256;
  private static final int LONGEST_SCRIPT = 256 << 10;

  private final Agents agents;
  private final DefinitionResolver definitions;
  private final SidecarOrders sidecars;

  OrderReader(Agents agents, DefinitionResolver definitions, SidecarOrders sidecars) {
    this.agents = agents;
    this.definitions = definitions;
    this.sidecars = sidecars;
  }

  /**
   * @param agent the agent's name; empty for the host itself
   */
  record Orders(Optional<String> agent, List<Order> orders) {}

  /**
   * @throws RefusedException BAD_REQUEST or INVALID_DEFINITION
   */
  Orders read(io.easyagent.api.Command wanted, List<HostBrief> hosts) {
    refuseUnused(wanted);
    return switch (wanted.kind()) {
      case install -> {
        StoredDefinition definition = definition(wanted);
        yield same(
            hosts,
            Optional.of(definition.definition().name()),
            new Command.Install(definition.text(), wanted.start().orElse(false)));
      }
      case configure -> {
        StoredDefinition definition = definition(wanted);
        yield same(
            hosts,
            Optional.of(definition.definition().name()),
            new Command.Configure(definition.text(), OptionalLong.empty()));
      }
      case upgrade -> upgrade(wanted, hosts);
      case start -> same(hosts, Optional.of(agentName(wanted)), new Command.Start());
      case stop -> same(hosts, Optional.of(agentName(wanted)), new Command.Stop());
      case restart -> same(hosts, Optional.of(agentName(wanted)), new Command.Restart());
      case uninstall ->
          same(
              hosts,
              Optional.of(agentName(wanted)),
              new Command.Uninstall(wanted.purge().orElse(false)));
      case exec -> same(hosts, wanted.agent().map(OrderReader::checkedName), exec(wanted));
      case upgradeSidecar -> new Orders(Optional.empty(), sidecars.upgrade(version(wanted), hosts));
      case configureSidecar ->
          new Orders(Optional.empty(), sidecars.configure(configuration(wanted), hosts));
    };
  }

  private static Orders same(List<HostBrief> hosts, Optional<String> agent, Command command) {
    return new Orders(agent, hosts.stream().map(host -> new Order(host.id(), command)).toList());
  }

  private StoredDefinition definition(io.easyagent.api.Command wanted) {
    String text = wanted.definition().orElseThrow(() -> missing("definition", wanted.kind()));
    StoredDefinition definition = definitions.resolve("definition", text);
    String name = definition.definition().name();
    wanted
        .agent()
        .filter(agent -> !agent.equals(name))
        .ifPresent(agent -> {
          throw new RefusedException(
              ErrorCode.BAD_REQUEST,
              "command.agent: %s (expected: %s, the name in the definition, or nothing)"
                  .formatted(Shown.of(agent), name));
        });
    return definition;
  }

  private Orders upgrade(io.easyagent.api.Command wanted, List<HostBrief> hosts) {
    String name = agentName(wanted);
    String version =
        wanted.packageVersion().orElseThrow(() -> missing("packageVersion", wanted.kind()));
    if (!Names.isVersion(version)) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "command.packageVersion: "
              + Shown.of(version)
              + " (expected: "
              + Names.EXPECTED_VERSION
              + ")");
    }
    Map<HostId, Agent> found = agents.find(hosts.stream().map(HostBrief::id).toList(), name);
    if (found.isEmpty()) {
      throw new RefusedException(
          ErrorCode.NOT_FOUND, "no matching host has an agent " + Shown.of(name));
    }
    // Equal commands are one object: they are stored once.
    Map<Command, Command> distinct = new HashMap<>();
    Map<String, StoredDefinition> upgraded = new HashMap<>();
    Map<HostId, Command> commands = new LinkedHashMap<>();
    found.forEach((host, agent) -> {
      StoredDefinition definition =
          upgraded.computeIfAbsent(agent.definition().json(), _ -> upgraded(agent, version));
      Command command = new Command.Configure(definition.text(), OptionalLong.of(agent.revision()));
      commands.put(host, distinct.computeIfAbsent(command, same -> same));
    });
    // A host without the agent is given any of the commands: acceptance refuses it by that name.
    Command any = commands.values().iterator().next();
    return new Orders(
        Optional.of(name),
        hosts.stream()
            .map(host -> new Order(host.id(), commands.getOrDefault(host.id(), any)))
            .toList());
  }

  private StoredDefinition upgraded(Agent agent, String version) {
    StoredDefinition stored = StoredDefinition.of(agent.definition());
    PackageReference reference =
        stored
            .definition()
            .packageReference()
            .orElseThrow(() ->
                new RefusedException(
                    ErrorCode.CONFLICT,
                    "agent %s on %s has no package (expected: one to upgrade)"
                        .formatted(agent.name(), agent.hostName())));
    return definitions.resolve(
        "", stored.definition().withPackage(new PackageReference(reference.name(), version)));
  }

  private static Command exec(io.easyagent.api.Command wanted) {
    if (wanted.command().isPresent() == wanted.script().isPresent()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "command: exactly one of command and script is expected");
    }
    if (wanted.parameters().isPresent() && wanted.script().isEmpty()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "command.parameters: given without a script (expected: none)");
    }
    wanted
        .user()
        .filter(user -> !USER.matcher(user).matches())
        .ifPresent(user -> {
          throw new RefusedException(
              ErrorCode.BAD_REQUEST,
              "command.user: " + Shown.of(user) + " (expected: a user name)");
        });
    Map<String, String> environment = wanted.environment().orElse(Map.of());
    checkEnvironment(environment);
    return new Command.Exec(work(wanted), wanted.user(), environment);
  }

  private static Command.Exec.Work work(io.easyagent.api.Command wanted) {
    if (wanted.command().isPresent()) {
      List<String> command = wanted.command().get();
      checkTexts("command.command", command, 1);
      return new Command.Exec.Work.Arguments(command);
    }
    String script = wanted.script().orElseThrow();
    if (script.isBlank() || script.length() > LONGEST_SCRIPT || script.indexOf('\0') >= 0) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "command.script: %d characters (expected: 1 to %d, without NUL)"
              .formatted(script.strip().length(), LONGEST_SCRIPT));
    }
    List<String> parameters = wanted.parameters().orElse(List.of());
    checkTexts("command.parameters", parameters, 0);
    return new Command.Exec.Work.ShellScript(script, parameters);
  }

  private static void checkTexts(String place, List<String> texts, int least) {
    if (texts.size() < least || texts.size() > MOST_ARGUMENTS) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "%s: %d items (expected: %d to %d)"
              .formatted(place, texts.size(), least, MOST_ARGUMENTS));
    }
    if (texts.stream().anyMatch(text -> text.indexOf('\0') >= 0)
        || (least > 0 && texts.getFirst().isEmpty())) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, place + " (expected: a program and arguments without NUL)");
    }
  }

  private static void checkEnvironment(Map<String, String> environment) {
    if (environment.size() > MOST_VARIABLES) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "command.environment: %d entries (expected: at most %d)"
              .formatted(environment.size(), MOST_VARIABLES));
    }
    environment.forEach((name, value) -> {
      if (!VARIABLE.matcher(name).matches() || value.indexOf('\0') >= 0) {
        throw new RefusedException(
            ErrorCode.BAD_REQUEST,
            "command.environment.%s (expected: a name of letters, digits and _, and a value without NUL)"
                .formatted(Shown.of(name)));
      }
    });
  }

  private static String version(io.easyagent.api.Command wanted) {
    return wanted.version().orElseThrow(() -> missing("version", wanted.kind()));
  }

  private static String configuration(io.easyagent.api.Command wanted) {
    return wanted.configuration().orElseThrow(() -> missing("configuration", wanted.kind()));
  }

  private static String agentName(io.easyagent.api.Command wanted) {
    return checkedName(wanted.agent().orElseThrow(() -> missing("agent", wanted.kind())));
  }

  private static String checkedName(String name) {
    if (!Names.isName(name)) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "command.agent: " + Shown.of(name) + " (expected: " + Names.EXPECTED_NAME + ")");
    }
    return name;
  }

  private static RefusedException missing(String key, Kind kind) {
    return new RefusedException(
        ErrorCode.BAD_REQUEST, "command." + key + ": missing (expected with " + kind + ")");
  }

  private static void refuseUnused(io.easyagent.api.Command wanted) {
    Map<String, Optional<?>> given = new LinkedHashMap<>();
    given.put("agent", wanted.agent());
    given.put("definition", wanted.definition());
    given.put("start", wanted.start());
    given.put("packageVersion", wanted.packageVersion());
    given.put("command", wanted.command());
    given.put("script", wanted.script());
    given.put("parameters", wanted.parameters());
    given.put("user", wanted.user());
    given.put("environment", wanted.environment());
    given.put("purge", wanted.purge());
    given.put("version", wanted.version());
    given.put("configuration", wanted.configuration());
    Set<String> used = used(wanted.kind());
    given.forEach((key, value) -> {
      if (value.isPresent() && !used.contains(key)) {
        throw new RefusedException(
            ErrorCode.BAD_REQUEST,
            "command.%s: given (expected with %s: only %s)"
                .formatted(key, wanted.kind(), String.join(", ", used)));
      }
    });
  }

  private static Set<String> used(Kind kind) {
    return switch (kind) {
      case install -> Set.of("agent", "definition", "start");
      case configure -> Set.of("agent", "definition");
      case upgrade -> Set.of("agent", "packageVersion");
      case start, stop, restart -> Set.of("agent");
      case exec -> Set.of("agent", "command", "script", "parameters", "user", "environment");
      case uninstall -> Set.of("agent", "purge");
      case upgradeSidecar -> Set.of("version");
      case configureSidecar -> Set.of("configuration");
    };
  }
}
