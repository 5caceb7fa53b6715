/**
 * An agent's output within its bounds: rotates what an agent appends to its log without touching
 * the writer, by copying the head of the file and then freeing it, and reads what is kept. The
 * decisions are pure ({@link io.easyagent.sidecar.log.RotationDecision}, {@link
 * io.easyagent.sidecar.log.Layout}); files are touched in {@link io.easyagent.sidecar.log.AgentLog}
 * and {@link io.easyagent.sidecar.log.LogFiles} only. Nothing here knows of processes.
 */
@NullMarked
package io.easyagent.sidecar.log;

import org.jspecify.annotations.NullMarked;
