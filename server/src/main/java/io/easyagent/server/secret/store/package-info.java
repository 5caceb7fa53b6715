/** Secrets in SQL, sealed. */
@NullMarked
package io.easyagent.server.secret.store;

import org.jspecify.annotations.NullMarked;
