package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.agent.StopRule;
import java.time.Duration;
import java.util.Optional;

/** What of a definition decides a process's life. */
public record ProcessRules(
    AgentType type,
    Optional<Readiness> ready,
    Optional<HealthCheck> health,
    RestartRule restart,
    StopRule stop,
    Hooks hooks,
    Optional<Schedule> schedule) {

  /** Without a readiness probe a service that stayed up this long counts as running. */
  public static final Duration STAYED_UP = Duration.ofSeconds(1);

  /** A readiness probe is tried first this long after the launch. */
  public static final Duration READY_FIRST = Duration.ofMillis(50);

  /** A readiness probe is repeated this often. */
  public static final Duration READY_INTERVAL = Duration.ofMillis(250);

  /** How long one try of a readiness probe may take. */
  public static final Duration READY_PROBE_TIMEOUT = Duration.ofSeconds(5);

  /**
   * What comes this much after its time was not done by a sidecar that had what it needs to run:
   * nothing is concluded from it about an agent.
   */
  public static final Duration LATE = Duration.ofSeconds(1);

  /** Whether some end of its process leads to a start at once. */
  public boolean isStartedAgain() {
    return type == AgentType.SERVICE && restart.policy() != RestartRule.Policy.NEVER;
  }

  /** Whether an end is none that a restart on failure is for. */
  boolean isSuccess(ProcessEnd end) {
    return switch (end) {
      case ProcessEnd.Exited(int status) ->
          end.succeeded() || restart.success().statuses().contains(status);
      case ProcessEnd.Signalled(int signal) ->
          Signals.findName(signal).filter(restart.success().signals()::contains).isPresent();
      case ProcessEnd.Unknown _, ProcessEnd.NotStarted _, ProcessEnd.OutOfMemory _ -> false;
    };
  }

  public static ProcessRules of(AgentDefinition definition) {
    return new ProcessRules(
        definition.type(),
        definition.ready(),
        definition.health(),
        definition.restart(),
        definition.stop(),
        definition.hooks(),
        definition.schedule());
  }
}
