package io.easyagent.sidecar.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A command as it was taken from the server.
 *
 * @param digest lower-case hexadecimal SHA-256 that the server gave the command; the same id with
 *     another digest is refused
 * @param generation the generation of the server's store, hexadecimal; results carry it back
 * @param timeLeft until the deadline, counted from the moment the command was taken
 * @param takenAt the wall clock at that moment, for people and for the time left after a restart of
 *     the sidecar
 * @param hostName the host as operators know it, a variable of templates
 * @param labels the host's labels at that moment, variables of templates
 */
public record TakenCommand(
    OperationId id,
    String digest,
    String generation,
    Duration timeLeft,
    Instant takenAt,
    String hostName,
    Map<String, String> labels,
    Command command) {
  public TakenCommand {
    labels = Map.copyOf(labels);
  }
}
