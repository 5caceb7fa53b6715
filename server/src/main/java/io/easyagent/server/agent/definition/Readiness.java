package io.easyagent.server.agent.definition;

import java.time.Duration;

/** When a starting agent counts as running: once the probe answers, within the timeout. */
public record Readiness(Probe probe, Duration timeout) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
}
