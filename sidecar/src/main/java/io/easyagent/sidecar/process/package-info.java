/**
 * The life of one process as a pure function: states, events, actions, the restart policy. No
 * clock, no thread and no file is touched here.
 */
@NullMarked
package io.easyagent.sidecar.process;

import org.jspecify.annotations.NullMarked;
