/**
 * Real hosts: each a systemd with an address, a disk, a power switch and a network cable of its
 * own, and the server that they dial. Tests of what a host does start here; what they do with it is
 * not here.
 */
@NullMarked
package io.easyagent.acceptance.realhost;

import org.jspecify.annotations.NullMarked;
