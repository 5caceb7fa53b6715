/** The sidecars of hosts: their versions, and their configuration. */
@NullMarked
package io.easyagent.cli.sidecar;

import org.jspecify.annotations.NullMarked;
