/** Output of agents over REST. */
@NullMarked
package io.easyagent.server.log.api;

import org.jspecify.annotations.NullMarked;
