package io.easyagent.sidecar.agent;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent is defined to be, as the server sent it: checked there, and again at the wire's
 * edge here. Commands and contents may still hold variables ({@code {{config}}}); see {@code
 * prepare}.
 *
 * @param name unique on the host; lower-case letters, digits, dots and dashes
 * @param packageReference absent when the command names what the host already has
 * @param user the user that everything of this agent runs as
 * @param command the argument vector of the agent's process
 * @param process what the agent's process is started with
 * @param after names of agents of this host that are started before it
 * @param hooks what runs around the agent's process
 * @param schedule present exactly for a scheduled agent
 */
public record AgentDefinition(
    String name,
    AgentType type,
    Optional<PackageReference> packageReference,
    String user,
    List<String> command,
    Map<String, String> environment,
    List<DefinedFile> files,
    Optional<Readiness> ready,
    Optional<HealthCheck> health,
    RestartRule restart,
    StopRule stop,
    Limits limits,
    LogRule logs,
    Optional<Script> install,
    Optional<Script> uninstall,
    ProcessSettings process,
    List<String> after,
    Hooks hooks,
    Optional<Schedule> schedule) {

  public AgentDefinition {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    files = List.copyOf(files);
    after = List.copyOf(after);
  }

  /** With what holds where a definition says nothing of process settings, order and hooks. */
  public AgentDefinition(
      String name,
      AgentType type,
      Optional<PackageReference> packageReference,
      String user,
      List<String> command,
      Map<String, String> environment,
      List<DefinedFile> files,
      Optional<Readiness> ready,
      Optional<HealthCheck> health,
      RestartRule restart,
      StopRule stop,
      Limits limits,
      LogRule logs,
      Optional<Script> install,
      Optional<Script> uninstall) {
    this(
        name,
        type,
        packageReference,
        user,
        command,
        environment,
        files,
        ready,
        health,
        restart,
        stop,
        limits,
        logs,
        install,
        uninstall,
        ProcessSettings.DEFAULT,
        List.of(),
        Hooks.NONE,
        Optional.empty());
  }

  /** The same agent, started with other settings. */
  public AgentDefinition with(ProcessSettings changed) {
    return changed(type, ready, health, changed, after, hooks, schedule);
  }

  /** The same agent, started after others. */
  public AgentDefinition startedAfter(List<String> names) {
    return changed(type, ready, health, process, names, hooks, schedule);
  }

  /** The same agent with other hooks. */
  public AgentDefinition with(Hooks changed) {
    return changed(type, ready, health, process, after, changed, schedule);
  }

  /** The same agent, asked in another way. */
  public AgentDefinition probed(
      Optional<Readiness> changedReady, Optional<HealthCheck> changedHealth) {
    return changed(type, changedReady, changedHealth, process, after, hooks, schedule);
  }

  /** The same agent, run at the times of a schedule. */
  public AgentDefinition scheduled(Schedule times) {
    return changed(AgentType.SCHEDULED, ready, health, process, after, hooks, Optional.of(times));
  }

  private AgentDefinition changed(
      AgentType newType,
      Optional<Readiness> newReady,
      Optional<HealthCheck> newHealth,
      ProcessSettings newProcess,
      List<String> newAfter,
      Hooks newHooks,
      Optional<Schedule> newSchedule) {
    return new AgentDefinition(
        name,
        newType,
        packageReference,
        user,
        command,
        environment,
        files,
        newReady,
        newHealth,
        restart,
        stop,
        limits,
        logs,
        install,
        uninstall,
        newProcess,
        newAfter,
        newHooks,
        newSchedule);
  }
}
