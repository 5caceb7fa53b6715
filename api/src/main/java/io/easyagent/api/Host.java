package io.easyagent.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A machine with a sidecar.
 *
 * @param status since {@code statusSince}
 * @param labels set by the enrolment token or an operator, never by the host
 * @param facts reported by the host: os, osVersion, architecture, cores, memory (bytes), address, …
 * @param agents how many of its agents are as they should be
 * @param metrics the latest figures, as numbers by name; lost when the server restarts, until the
 *     host reports again
 * @param conditions what an operator should know, in sentences
 * @param copies the machines that claim its identity, while it is conflicted; later those that were
 *     refused
 * @param ephemeral it removes itself when its machine shuts down, and is removed once it is gone
 *     for long
 * @param certificateExpires when the certificate that it uses ends; it renews it by itself
 */
public record Host(
    UUID id,
    String name,
    Status status,
    Instant statusSince,
    Map<String, String> labels,
    Map<String, String> facts,
    Optional<String> sidecarVersion,
    AgentCounts agents,
    Map<String, Double> metrics,
    List<String> conditions,
    List<Copy> copies,
    boolean ephemeral,
    Instant enrolledAt,
    Optional<Instant> lastSeen,
    Optional<Instant> certificateExpires) {
  /** Presence is the open session. */
  public enum Status {
    online,
    offline,
    /** Enrolled, never connected; or awaiting an operator's approval. */
    pending,
    /** Two machines claim this identity. */
    conflicted
  }

  /**
   * A machine that has the host's identity. Names and ids are what it says.
   *
   * @param address where the server saw it
   */
  public record Copy(
      String id,
      Standing standing,
      String hostName,
      String address,
      String machineId,
      String bootId,
      Instant firstSeen,
      Instant lastSeen) {}

  /** What an operator has said about a copy. */
  public enum Standing {
    claiming,
    /** Another one keeps the identity. */
    refused
  }

  /**
   * @param asDesired agents whose observed state is the desired one
   * @param certain false while the host is offline: the figures are the last known ones
   */
  public record AgentCounts(long total, long asDesired, boolean certain) {}
}
