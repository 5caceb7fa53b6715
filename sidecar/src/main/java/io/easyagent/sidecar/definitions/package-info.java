/**
 * Agents that are defined on the host itself: the folder of their definitions, what is to be done
 * so that the host has them as the folder says, and the doing, by operations like those of a
 * server. Only a host whose configuration names such a folder has anything of this.
 */
@NullMarked
package io.easyagent.sidecar.definitions;

import org.jspecify.annotations.NullMarked;
