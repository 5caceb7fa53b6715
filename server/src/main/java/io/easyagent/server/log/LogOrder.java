package io.easyagent.server.log;

import io.easyagent.server.agent.AgentId;
import java.util.UUID;

/**
 * What a host is asked for.
 *
 * @param stream random: who knows it was asked
 * @param follow with what the agent writes later
 */
public record LogOrder(UUID stream, AgentId agent, LogBegin begin, boolean follow) {}
