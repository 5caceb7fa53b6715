package io.easyagent.sidecar.metrics;

/**
 * What the host is.
 *
 * @param memory bytes
 * @param swap bytes
 * @param addresses comma-separated
 * @param instance names this life of the process, hexadecimal
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
    String bootId,
    String instance) {

  /** The same host under another name. */
  public HostFacts withHostName(String name) {
    return new HostFacts(
        sidecarVersion,
        osType,
        osPlatform,
        osVersion,
        architecture,
        cores,
        memory,
        swap,
        name,
        addresses,
        machineId,
        bootId,
        instance);
  }
}
