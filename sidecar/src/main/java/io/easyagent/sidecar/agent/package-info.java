/**
 * The words of the sidecar's domain: what an agent is defined to be, what it is told to be and what
 * it is observed to be. Values only: nothing here touches the world, and nothing here knows the
 * wire.
 */
@NullMarked
package io.easyagent.sidecar.agent;

import org.jspecify.annotations.NullMarked;
