package io.easyagent.server.agent;

import io.easyagent.definition.AgentType;
import java.util.Optional;

/**
 * An agent definition as it is stored: checked already, its package resolved to a checksum.
 *
 * @param name of the agent
 * @param packageReference {@code name@version}; empty without a package
 * @param json canonical, equal definitions have equal texts; {@link StoredDefinition} writes and
 *     reads it
 */
public record DefinitionText(
    String name, AgentType type, Optional<String> packageReference, String json) {}
