package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.RestartRule.Policy;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.agent.StopRule;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Rules for tests. */
final class Rules {
  static final Probe PROBE = new Probe.Tcp("127.0.0.1", 1);

  private Rules() {}

  static ProcessRules of(AgentType type, Policy policy) {
    return new ProcessRules(
        type,
        Optional.empty(),
        Optional.empty(),
        new RestartRule(
            policy, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(10)),
        new StopRule("TERM", Duration.ofSeconds(30)),
        Hooks.NONE,
        type == AgentType.SCHEDULED
            ? Optional.of(schedule(Schedule.Overlap.SKIP))
            : Optional.empty());
  }

  static ProcessRules withHooks(ProcessRules rules, boolean preStart, boolean postStop) {
    Hook hook = new Hook(List.of("/bin/true"), Duration.ofSeconds(20));
    return new ProcessRules(
        rules.type(),
        rules.ready(),
        rules.health(),
        rules.restart(),
        rules.stop(),
        new Hooks(
            preStart ? Optional.of(hook) : Optional.empty(),
            postStop ? Optional.of(hook) : Optional.empty()),
        rules.schedule());
  }

  static ProcessRules service() {
    return of(AgentType.SERVICE, Policy.ALWAYS);
  }

  static Schedule schedule(Schedule.Overlap overlap) {
    return new Schedule(
        "10 2 * * *", "Europe/Berlin", Duration.ZERO, overlap, Schedule.Missed.SKIP);
  }

  static ProcessRules scheduled(Schedule.Overlap overlap) {
    ProcessRules rules = of(AgentType.SCHEDULED, Policy.NEVER);
    return new ProcessRules(
        rules.type(),
        rules.ready(),
        rules.health(),
        rules.restart(),
        rules.stop(),
        rules.hooks(),
        Optional.of(schedule(overlap)));
  }

  static ProcessRules withReady(ProcessRules rules, Duration timeout) {
    return withReady(rules, new Readiness(PROBE, timeout));
  }

  static ProcessRules withReady(ProcessRules rules, Readiness ready) {
    return new ProcessRules(
        rules.type(),
        Optional.of(ready),
        rules.health(),
        rules.restart(),
        rules.stop(),
        rules.hooks(),
        rules.schedule());
  }

  static ProcessRules withSuccess(ProcessRules rules, SuccessfulEnds success) {
    return new ProcessRules(
        rules.type(),
        rules.ready(),
        rules.health(),
        new RestartRule(
            rules.restart().policy(),
            rules.restart().backoffFirst(),
            rules.restart().backoffMost(),
            rules.restart().resetAfter(),
            success),
        rules.stop(),
        rules.hooks(),
        rules.schedule());
  }

  static ProcessRules withHealth(ProcessRules rules, HealthCheck.OnFailure onFailure) {
    HealthCheck health =
        new HealthCheck(
            PROBE,
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            3,
            onFailure);
    return new ProcessRules(
        rules.type(),
        rules.ready(),
        Optional.of(health),
        rules.restart(),
        rules.stop(),
        rules.hooks(),
        rules.schedule());
  }
}
