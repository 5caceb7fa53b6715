package io.easyagent.server.operation;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.time.Instant;
import java.util.Optional;

/**
 * One command to one host or agent, as the store knows it.
 *
 * @param hostName as it was at acceptance
 * @param message how it ended, in one line; empty before
 * @param processEnd what ended the command's process, where there was one
 * @param output only where a single operation is asked for; never in lists
 */
public record Operation(
    OperationId id,
    BatchId batch,
    OperationKind kind,
    HostId host,
    String hostName,
    Optional<AgentId> agent,
    Optional<String> agentName,
    OperationState state,
    Instant createdAt,
    Instant deadline,
    boolean cancelRequested,
    Optional<Instant> sentAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    String message,
    Optional<ProcessEnd> processEnd,
    Optional<Output> output) {}
