/**
 * Launches processes under keepers, finds them again, watches and stops them, and probes their
 * health: the edge at which the pure process machine meets the host.
 */
@NullMarked
package io.easyagent.sidecar.supervise;

import org.jspecify.annotations.NullMarked;
