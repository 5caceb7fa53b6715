/**
 * The sidecar as a service of a real host: what becomes of agents when it stops, is restarted,
 * killed or hangs, and when the host does.
 */
@NullMarked
package io.easyagent.acceptance.service;

import org.jspecify.annotations.NullMarked;
