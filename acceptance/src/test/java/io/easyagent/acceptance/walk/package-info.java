/**
 * The walk: a real server, a real sidecar and real agents, killed or cut off at every step boundary
 * of every operation. The witness is outside the system: commands and agents append what they do to
 * files of their own, and the client keeps its own log of what was accepted.
 */
@NullMarked
package io.easyagent.acceptance.walk;

import org.jspecify.annotations.NullMarked;
