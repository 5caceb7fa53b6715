/**
 * What the server tells on its own machine: a socket in its folder, and systemd. Nothing here can
 * be reached from the network, and nothing here changes anything.
 */
@NullMarked
package io.easyagent.server.local;

import org.jspecify.annotations.NullMarked;
