/**
 * The program {@code simulator}: thousands of sidecars in one process, to measure a server with and
 * to find its limits. It uses the sidecar; nothing that is shipped uses it.
 */
@NullMarked
package io.easyagent.simulator;

import org.jspecify.annotations.NullMarked;
