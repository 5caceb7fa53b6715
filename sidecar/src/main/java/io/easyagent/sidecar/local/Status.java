package io.easyagent.sidecar.local;

import java.util.List;
import java.util.Optional;

/**
 * What the sidecar tells of itself.
 *
 * @param trial what of the sidecar itself is on trial, until when, and what it goes back to
 * @param certificate until when the host's certificate is good, and how its renewal goes
 * @param intakeStopped why no commands are taken, where none are
 */
public record Status(
    String version,
    Optional<String> trial,
    String hostId,
    String link,
    String certificate,
    Optional<String> intakeStopped,
    List<String> conditions,
    List<Agent> agents) {

  public Status {
    conditions = List.copyOf(conditions);
    agents = List.copyOf(agents);
  }

  /**
   * @param pid {@code -} when nothing runs
   */
  public record Agent(String name, String state, String health, String pid, String cause) {}

  /** As it is printed. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("version  ").append(version).append('\n');
    trial.ifPresent(open -> text.append("trial    ").append(open).append('\n'));
    text.append("host     ").append(hostId).append('\n');
    text.append("server   ").append(link).append('\n');
    text.append("identity ").append(certificate).append('\n');
    text.append("intake   ")
        .append(intakeStopped.map(reason -> "STOPPED: " + reason).orElse("open"))
        .append('\n');
    for (String condition : conditions) {
      text.append("note     ").append(condition).append('\n');
    }
    if (agents.isEmpty()) {
      return text.append("agents   none\n").toString();
    }
    int name = width("AGENT", agents.stream().map(Agent::name).toList());
    int state = width("STATE", agents.stream().map(Agent::state).toList());
    int health = width("HEALTH", agents.stream().map(Agent::health).toList());
    int pid = width("PID", agents.stream().map(Agent::pid).toList());
    String format = "%-" + name + "s  %-" + state + "s  %-" + health + "s  %-" + pid + "s  %s";
    text.append('\n');
    text.append(format.formatted("AGENT", "STATE", "HEALTH", "PID", "CAUSE").strip()).append('\n');
    for (Agent agent : agents) {
      text.append(
              format
                  .formatted(
                      agent.name(), agent.state(), agent.health(), agent.pid(), agent.cause())
                  .stripTrailing())
          .append('\n');
    }
    return text.toString();
  }

  private static int width(String head, List<String> values) {
    return values.stream().mapToInt(String::length).reduce(head.length(), Math::max);
  }
}
