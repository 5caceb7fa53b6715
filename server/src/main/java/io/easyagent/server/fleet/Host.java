package io.easyagent.server.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A machine with a sidecar, as the store knows it.
 *
 * @param name what the machine called itself at enrolment; not unique
 * @param labels set by the enrolment token or an operator, never by the host
 * @param facts what the host reports: os, osVersion, architecture, cores, memory, …; never trusted
 * @param sidecarVersion as its last session said; empty before the first
 * @param capabilities what its sidecar understands beyond 1.0; empty before the first session
 * @param conditions what an operator should know, in sentences
 * @param copies of its identity: while it is conflicted those that claim it, later those that were
 *     refused
 * @param ephemeral it goes by itself: when its machine shuts down, or once it is gone for long
 * @param lastSeen when it was heard of last: a session that opened or ended, or its wish to be
 *     approved; empty before that
 */
public record Host(
    HostId id,
    String name,
    HostStatus status,
    Instant statusSince,
    Map<String, String> labels,
    Map<String, String> facts,
    Optional<String> sidecarVersion,
    Set<String> capabilities,
    AgentCounts agents,
    List<String> conditions,
    List<HostCopy> copies,
    boolean ephemeral,
    Instant enrolledAt,
    Optional<Instant> lastSeen) {
  public Host {
    labels = Map.copyOf(labels);
    facts = Map.copyOf(facts);
    capabilities = Set.copyOf(capabilities);
    conditions = List.copyOf(conditions);
    copies = List.copyOf(copies);
  }

  HostBrief brief() {
    return new HostBrief(id, name, status, sidecarVersion, capabilities);
  }

  /**
   * @param asDesired agents whose observed state is the desired one; the last known figure while
   *     the host is offline
   */
  public record AgentCounts(long total, long asDesired) {}
}
