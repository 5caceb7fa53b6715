/** Events and metrics: what happened, and how things are at this moment. */
@NullMarked
package io.easyagent.server.telemetry;

import org.jspecify.annotations.NullMarked;
