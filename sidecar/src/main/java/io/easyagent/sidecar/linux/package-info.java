/**
 * The few things of Linux that Java does not offer: process descriptors, signals, holes in files,
 * and what {@code /proc} tells. Nothing here knows agents, tasks or keepers.
 */
@NullMarked
package io.easyagent.sidecar.linux;

import org.jspecify.annotations.NullMarked;
