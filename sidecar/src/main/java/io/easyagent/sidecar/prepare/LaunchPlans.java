package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.Readiness.Sign;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.supervise.LaunchPlan;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes of a definition what it takes to launch its process: every variable resolved. */
public final class LaunchPlans {
  /** The place of the agent's own program among {@link #programs}. */
  public static final String OWN = "command";

  private final HostFolders folders;
  private final AgentVariables variables;

  public LaunchPlans(HostFolders folders, AgentVariables variables) {
    this.folders = folders;
    this.variables = variables;
  }

  /** With the variables that were in force when the agent's definition was applied. */
  public LaunchPlan plan(AgentRecord agent) throws PrepareException {
    requireTimes(agent.definition());
    AgentFolders own = folders.agent(agent.definition().name());
    return plan(agent.definition(), variables.kept(agent.id(), agent.definition()), own);
  }

  /** What an earlier release of the sidecar took may be unknown to the time zones of this one. */
  private static void requireTimes(AgentDefinition definition) throws PrepareException {
    try {
      definition.schedule().ifPresent(Schedule::times);
    } catch (IllegalArgumentException unknown) {
      throw new PrepareException(String.valueOf(unknown.getMessage()), unknown);
    }
  }

  /**
   * Checks that everything of a definition that is not in force yet can be rendered; nothing on
   * disk is looked at.
   */
  public void check(AgentDefinition definition, Variables resolved) throws PrepareException {
    AgentFolders own = folders.agent(definition.name());
    plan(definition, resolved, own);
    RenderedFile.renderAll(definition, resolved);
    for (DefinedFile file : definition.files()) {
      if (file.validate().isPresent()) {
        validate(file, resolved, own.candidates().resolve(file.path()));
      }
    }
  }

  /** The program of the agent's process is there. */
  public void requireProgram(AgentDefinition definition, Variables resolved)
      throws PrepareException {
    Programs.requireThere(
        "command",
        plan(definition, resolved, folders.agent(definition.name())).command().getFirst());
  }

  /** The validate command of a file, for the candidate. */
  public List<String> validate(DefinedFile file, Variables resolved, Path candidate)
      throws PrepareException {
    return Programs.requireAbsolute(
        Template.renderCommand(
            file.validate().orElse(List.of()),
            resolved.withFile(candidate),
            "files." + file.path() + ".validate"));
  }

  /**
   * The program of every command line of a definition, by the place that it has there; that of the
   * agent's own process is {@link #OWN}.
   */
  public Map<String, String> programs(AgentDefinition definition, Variables resolved)
      throws PrepareException {
    Map<String, String> programs = new LinkedHashMap<>();
    programs.put(
        OWN,
        Programs.requireAbsolute(Template.renderCommand(definition.command(), resolved, OWN))
            .getFirst());
    programs.putAll(furtherPrograms(withCommands(definition, resolved)));
    for (DefinedFile file : definition.files()) {
      if (file.validate().isPresent()) {
        Path candidate = folders.agent(definition.name()).candidates().resolve(file.path());
        programs.put(
            "files." + file.path() + ".validate", validate(file, resolved, candidate).getFirst());
      }
    }
    definition
        .install()
        .ifPresent(script -> programs.put("install", ScriptFiles.interpreter(script.script())));
    definition
        .uninstall()
        .ifPresent(script -> programs.put("uninstall", ScriptFiles.interpreter(script.script())));
    return programs;
  }

  /** The programs of the probes and hooks of a definition whose variables are resolved. */
  public static Map<String, String> furtherPrograms(AgentDefinition resolved) {
    Map<String, String> programs = new LinkedHashMap<>();
    resolved
        .hooks()
        .preStart()
        .ifPresent(hook -> programs.put("preStart.command", hook.command().getFirst()));
    resolved
        .hooks()
        .postStop()
        .ifPresent(hook -> programs.put("postStop.command", hook.command().getFirst()));
    resolved
        .ready()
        .flatMap(Readiness::probe)
        .ifPresent(probe -> addProgram(programs, "ready.command", probe));
    resolved.health().ifPresent(health -> addProgram(programs, "health.command", health.probe()));
    return programs;
  }

  private static void addProgram(Map<String, String> programs, String place, Probe probe) {
    if (probe instanceof Probe.Command(List<String> command)) {
      programs.put(place, command.getFirst());
    }
  }

  /** The environment of what runs for the agent, its own process included. */
  public Map<String, String> environment(AgentDefinition definition, Variables resolved)
      throws PrepareException {
    return Environments.of(
        definition.user(),
        folders.agent(definition.name()).data(),
        Environments.rendered(definition.environment(), resolved));
  }

  /** The variables of the environment that hold a secret, as they would be. */
  public Map<String, String> secretEnvironment(AgentDefinition definition, Variables resolved)
      throws PrepareException {
    Map<String, String> secret = new TreeMap<>(definition.environment());
    secret.values().removeIf(text -> SecretNames.in(text).isEmpty());
    return Environments.rendered(secret, resolved);
  }

  /** The parameters of a script, each rendered on its own. */
  public List<String> parameters(List<String> parameters, Variables resolved)
      throws PrepareException {
    return Template.renderCommand(parameters, resolved, "parameters");
  }

  private LaunchPlan plan(AgentDefinition definition, Variables resolved, AgentFolders own)
      throws PrepareException {
    List<String> command =
        Programs.requireAbsolute(Template.renderCommand(definition.command(), resolved, "command"));
    Map<String, String> environment = environment(definition, resolved);
    return new LaunchPlan(
        withCommands(definition, resolved.forCommands()),
        command,
        environment,
        own.data(),
        own.logs(),
        resolved.redaction());
  }

  /** The variables of probes and hooks resolved. */
  private static AgentDefinition withCommands(AgentDefinition definition, Variables variables)
      throws PrepareException {
    Optional<Readiness> ready = definition.ready();
    if (ready.isPresent()) {
      ready =
          Optional.of(new Readiness(sign(ready.get().sign(), variables), ready.get().timeout()));
    }
    Optional<HealthCheck> health = definition.health();
    if (health.isPresent()) {
      HealthCheck check = health.get();
      health =
          Optional.of(
              new HealthCheck(
                  probe(check.probe(), variables, "health"),
                  check.interval(),
                  check.timeout(),
                  check.startPeriod(),
                  check.retries(),
                  check.onFailure()));
    }
    return definition
        .probed(ready, health)
        .with(
            new Hooks(
                hook(definition.hooks().preStart(), variables, "preStart.command"),
                hook(definition.hooks().postStop(), variables, "postStop.command")));
  }

  private static Optional<Hook> hook(Optional<Hook> hook, Variables variables, String place)
      throws PrepareException {
    return hook.isEmpty()
        ? hook
        : Optional.of(
            new Hook(
                Programs.requireAbsolute(
                    Template.renderCommand(hook.get().command(), variables, place)),
                hook.get().timeout()));
  }

  private static Sign sign(Sign sign, Variables variables) throws PrepareException {
    return switch (sign) {
      case Sign.Answer(Probe probe) -> new Sign.Answer(probe(probe, variables, "ready"));
      case Sign.Line(String text) ->
          new Sign.Line(Template.render(text, variables, TemplateFormat.ARGUMENT, "ready.line"));
      case Sign.StayedUp() -> sign;
    };
  }

  private static Probe probe(Probe probe, Variables variables, String place)
      throws PrepareException {
    return switch (probe) {
      case Probe.Command(List<String> command) ->
          new Probe.Command(
              Programs.requireAbsolute(
                  Template.renderCommand(command, variables, place + ".command")));
      case Probe.Http(URI url) -> new Probe.Http(url(url, variables, place));
      case Probe.Tcp(String host, int port) ->
          new Probe.Tcp(
              Template.render(host, variables, TemplateFormat.ARGUMENT, place + ".tcp"), port);
    };
  }

  /** Braces are no characters of a URL: a variable in it can only have come percent-encoded. */
  private static URI url(URI url, Variables variables, String place) throws PrepareException {
    String text = url.toString().replace("%7B", "{").replace("%7D", "}");
    String rendered = Template.render(text, variables, TemplateFormat.ARGUMENT, place + ".http");
    try {
      return new URI(rendered);
    } catch (URISyntaxException malformed) {
      throw new PrepareException(
          place + ".http: " + PathNames.shown(rendered) + " (expected: a URL)", malformed);
    }
  }
}
