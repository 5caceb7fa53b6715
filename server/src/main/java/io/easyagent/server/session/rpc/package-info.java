/** The gRPC edge of sessions: the service that hosts call, and the wire forms of what is said. */
@NullMarked
package io.easyagent.server.session.rpc;

import org.jspecify.annotations.NullMarked;
