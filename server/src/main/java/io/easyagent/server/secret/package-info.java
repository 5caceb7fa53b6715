/**
 * Secrets that agents use: their values are sealed before they are stored, and leave only for the
 * hosts whose agents are defined to use them and may. No value is ever in a message, a log, an
 * answer to operators or a text form of an object here.
 */
@NullMarked
package io.easyagent.server.secret;

import org.jspecify.annotations.NullMarked;
