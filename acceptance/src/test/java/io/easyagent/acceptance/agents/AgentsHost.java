package io.easyagent.acceptance.agents;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Agent;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A server and a real host with agents, and what its operator does and sees. */
final class AgentsHost implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(60);

  private final Path folder;
  private final SidecarHost host;
  private final ControlPlane server;
  private final CommandLine operator;

  private AgentsHost(Path folder, SidecarHost host, ControlPlane server) throws IOException {
    this.folder = folder;
    this.host = host;
    this.server = server;
    this.operator = server.commandLine();
  }

  static AgentsHost boot(String name, Path folder) throws IOException, InterruptedException {
    SidecarHost host = SidecarHost.bootInstalled(name);
    try {
      ControlPlane server = new ControlPlane(folder);
      host.enroll(server);
      host.start();
      server.await(name, io.easyagent.api.Host.Status.online);
      return new AgentsHost(folder, host, server);
    } catch (IOException | InterruptedException | RuntimeException | AssertionError failure) {
      host.close();
      throw failure;
    }
  }

  RealHost machine() {
    return host.host();
  }

  SidecarHost sidecar() {
    return host;
  }

  CommandLine.Result run(String... words) {
    return operator.run(words);
  }

  /** {@code easyagent apply} of these definitions, by the names of their agents. */
  CommandLine.Result apply(Map<String, String> definitions) throws IOException {
    Path place = Files.createTempDirectory(folder, "definitions-");
    for (Map.Entry<String, String> each : definitions.entrySet()) {
      Files.writeString(place.resolve(each.getKey() + ".yaml"), each.getValue());
    }
    return run("apply", "-f", place.toString(), "--all");
  }

  Map<String, Agent> agents() throws IOException {
    Map<String, Agent> agents = new TreeMap<>();
    try (var client = server.client()) {
      client.agents(AgentQuery.all()).forEach(agent -> agents.put(agent.name(), agent));
    }
    return agents;
  }

  Agent agent(String name) throws IOException {
    return Optional.ofNullable(agents().get(name)).orElseThrow();
  }

  Agent await(String name, String what, Predicate<Agent> condition) {
    return Eventually.awaitValue(
        SOON, name + ": " + what, () -> Optional.ofNullable(agents().get(name)).filter(condition));
  }

  Agent awaitRunning(String name) {
    return await(name, "runs", agent -> agent.state() == Agent.State.running);
  }

  /** By name; each of these runs on return. */
  Map<String, Integer> pids(Iterable<String> names) {
    Map<String, Integer> pids = new TreeMap<>();
    names.forEach(name -> pids.put(name, awaitRunning(name).pid().orElseThrow()));
    return pids;
  }

  /** With -9; returns once its successor is at work. */
  void killSidecar() throws IOException, InterruptedException {
    int before = host.pid();
    machine().run("kill", "-9", Integer.toString(before)).expect(0);
    Eventually.await(
        SOON,
        "another sidecar",
        () -> host.pid() != before && host.sidecar("status").status() == 0);
  }

  /** Of a process of the host, in clock ticks since the boot. */
  long startedAt(int pid) throws IOException, InterruptedException {
    String stat = machine().run("cat", "/proc/" + pid + "/stat").expect(0).output();
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }

  /** Agents that have a cgroup on the host: their ids. */
  List<String> cgroups() throws IOException, InterruptedException {
    String scope = "/sys/fs/cgroup/unified/system.slice/" + SidecarHost.SCOPE;
    return machine()
        .run("ls", scope)
        .expect(0)
        .output()
        .lines()
        .filter(name -> name.matches("[0-9a-f-]{36}"))
        .toList();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    host.close();
    server.close();
  }
}
