/** Agents over REST. */
@NullMarked
package io.easyagent.server.agent.api;

import org.jspecify.annotations.NullMarked;
