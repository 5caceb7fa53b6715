/**
 * Who keeps the sidecar running, systemd or the restart loop, and what it is told: that the sidecar
 * is ready, makes progress, ends. Nothing here knows agents.
 */
@NullMarked
package io.easyagent.sidecar.service;

import org.jspecify.annotations.NullMarked;
