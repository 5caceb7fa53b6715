package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.Signals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a plan is launched: the agent's own process, or a hook in its place.
 *
 * @param command absolute program first
 * @param environment the whole environment
 */
record LaunchTarget(List<String> command, Map<String, String> environment, LaunchPurpose purpose) {
  /** How the start ended that a postStop follows: one of the words below. */
  static final String END = "EASYAGENT_END";

  /** With {@code exited}: 0 to 255. */
  static final String EXIT_STATUS = "EASYAGENT_EXIT_STATUS";

  /**
   * With {@code signalled} and {@code out-of-memory}: the name without SIG, or the number of one
   * that has no name.
   */
  static final String SIGNAL = "EASYAGENT_SIGNAL";

  /** The agent's own process. */
  static LaunchTarget main(LaunchPlan plan) {
    return new LaunchTarget(plan.command(), plan.environment(), new LaunchPurpose.Main());
  }

  /** A hook of the plan's definition, which has it. */
  static LaunchTarget hook(LaunchPlan plan, Due due) {
    Hooks hooks = plan.definition().hooks();
    return switch (due) {
      case Due.PreStart(int _) ->
          new LaunchTarget(
              hooks.preStart().map(Hook::command).orElseThrow(),
              plan.environment(),
              new LaunchPurpose.PreStart());
      case Due.PostStop(var ending) -> {
        Map<String, String> environment = new LinkedHashMap<>(plan.environment());
        environment.putAll(variables(ending.end()));
        yield new LaunchTarget(
            hooks.postStop().map(Hook::command).orElseThrow(),
            environment,
            new LaunchPurpose.PostStop(ending.end(), ending.failed(), ending.cause()));
      }
    };
  }

  private static Map<String, String> variables(ProcessEnd end) {
    return switch (end) {
      case ProcessEnd.Exited(int status) ->
          Map.of(END, "exited", EXIT_STATUS, Integer.toString(status));
      case ProcessEnd.Signalled(int signal) ->
          Map.of(
              END,
              "signalled",
              SIGNAL,
              Signals.findName(signal).orElseGet(() -> Integer.toString(signal)));
      case ProcessEnd.OutOfMemory _ -> Map.of(END, "out-of-memory", SIGNAL, "KILL");
      case ProcessEnd.Unknown _ -> Map.of(END, "unknown");
      case ProcessEnd.NotStarted _ -> Map.of(END, "not-started");
    };
  }
}
