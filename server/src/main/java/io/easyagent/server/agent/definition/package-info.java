/**
 * What the server does with definitions: their texts as it takes and keeps them, which sidecars
 * understand them, what they have hosts run, and how they differ. What a definition is stands in
 * {@code io.easyagent.definition}. Pure: nothing here knows hosts, the store or a wire.
 */
@NullMarked
package io.easyagent.server.agent.definition;

import org.jspecify.annotations.NullMarked;
