/**
 * What an agent is defined to be: the definition as values, read from YAML or JSON with the place
 * of everything that is wrong, and written in one canonical form that can be compared and stored.
 * Pure: nothing here knows hosts, the store or a wire.
 */
@NullMarked
package io.easyagent.server.agent.definition;

import org.jspecify.annotations.NullMarked;
