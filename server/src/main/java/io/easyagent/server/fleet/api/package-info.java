/** Hosts over REST. */
@NullMarked
package io.easyagent.server.fleet.api;

import org.jspecify.annotations.NullMarked;
