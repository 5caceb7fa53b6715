package io.easyagent.sidecar.agent;

import java.time.Duration;

/** When a starting agent counts as running: once the probe answers, within the timeout. */
public record Readiness(Probe probe, Duration timeout) {}
