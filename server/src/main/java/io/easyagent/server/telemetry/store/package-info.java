/** The history in SQL. */
@NullMarked
package io.easyagent.server.telemetry.store;

import org.jspecify.annotations.NullMarked;
