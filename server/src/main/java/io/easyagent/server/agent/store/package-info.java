/** The SQL of agents. */
@NullMarked
package io.easyagent.server.agent.store;

import org.jspecify.annotations.NullMarked;
