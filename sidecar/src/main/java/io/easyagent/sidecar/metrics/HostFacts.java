package io.easyagent.sidecar.metrics;

/**
 * What the host is.
 *
 * @param memory bytes
 * @param swap bytes
 * @param addresses comma-separated
 */
public record HostFacts(
    String sidecarVersion,
    String osType,
    String osPlatform,
    String osVersion,
    String architecture,
    int cores,
    long memory,
    long swap,
    String hostName,
    String addresses,
    String machineId,
    String bootId) {}
