/**
 * Values of secrets, and how they are taken out of what leaves the host. Plain values and
 * functions; where they come from and where they lie is elsewhere.
 */
@NullMarked
package io.easyagent.sidecar.secret;

import org.jspecify.annotations.NullMarked;
