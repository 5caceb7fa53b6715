package io.easyagent.definition;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an agent is, whole, with every default filled in. Two definitions are equal exactly when
 * their canonical forms are. Commands, environment, probes and templates may hold variables ({@code
 * {{config}}}); see {@link Variables}.
 *
 * @param name unique on its host
 * @param packageReference absent: the commands are absolute paths of what the host already has
 * @param command the argument vector of the agent's process
 * @param environment in the order of the names
 * @param files in the order of their paths
 * @param install run in place of, or after, unpacking the package
 * @param uninstall run after the last stop, before the files go
 * @param process what its process is started with
 * @param after names of agents of the same host that are started before it, in order
 * @param hooks what runs around its process
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
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    after = after.stream().sorted().distinct().toList();
    files = files.stream().sorted(Comparator.comparing(DefinedFile::path)).toList();
  }

  /** The same agent with another package. */
  public AgentDefinition withPackage(PackageReference changed) {
    return new AgentDefinition(
        name,
        type,
        Optional.of(changed),
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
        process,
        after,
        hooks,
        schedule);
  }
}
