/**
 * The agents: what each one is defined and desired to be on the server, and what its host last said
 * that it is.
 */
@NullMarked
package io.easyagent.server.agent;

import org.jspecify.annotations.NullMarked;
