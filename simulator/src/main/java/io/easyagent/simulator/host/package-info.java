/**
 * One simulated host: the sidecar's own journal, operations, outbox and link over processes that
 * are not there. What a process does, what the host uses and what it says it is are pure functions
 * of its number; connections and commands to the simulator are not known here.
 */
@NullMarked
package io.easyagent.simulator.host;

import org.jspecify.annotations.NullMarked;
