package io.easyagent.sidecar.logstream;

import io.easyagent.sidecar.agent.AgentId;
import java.util.UUID;

/**
 * Somebody wants to read an agent's output.
 *
 * @param stream names the stream to the server
 * @param follow with what the agent writes later
 */
public record LogOrder(UUID stream, AgentId agent, LogBegin begin, boolean follow) {}
