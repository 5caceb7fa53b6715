/** Tokens and the audit log over REST. */
@NullMarked
package io.easyagent.server.access.api;

import org.jspecify.annotations.NullMarked;
