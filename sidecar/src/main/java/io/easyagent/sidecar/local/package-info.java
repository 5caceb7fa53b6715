/**
 * What the sidecar shares with its own host: the lock on its data folder, files that are its own
 * alone, and the socket on which it tells its status to root and to its own user.
 */
@NullMarked
package io.easyagent.sidecar.local;

import org.jspecify.annotations.NullMarked;
