/** Secrets over REST: values come in, and never go out. */
@NullMarked
package io.easyagent.server.secret.api;

import org.jspecify.annotations.NullMarked;
