/** The memory of the server's own process. */
@NullMarked
package io.easyagent.server.memory;

import org.jspecify.annotations.NullMarked;
