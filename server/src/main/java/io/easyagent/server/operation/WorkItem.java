package io.easyagent.server.operation;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.time.Instant;
import java.util.Optional;

/**
 * An operation, as far as its next step depends on it.
 *
 * @param agent whose operations run one after another with this one; empty: the host's own lane
 * @param digest of the stored command, lower-case hexadecimal SHA-256
 * @param revision of the agent's definition that it brings; 0 for none
 * @param sentEpoch the session that its bytes were last given to, or whose inventory has it
 */
public record WorkItem(
    OperationId id,
    BatchId batch,
    OperationKind kind,
    HostId host,
    Optional<AgentId> agent,
    OperationState state,
    Instant deadline,
    String digest,
    long revision,
    boolean cancelRequested,
    long sentEpoch) {}
