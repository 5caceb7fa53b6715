/** Events, metrics and health over REST. */
@NullMarked
package io.easyagent.server.telemetry.api;

import org.jspecify.annotations.NullMarked;
