/** The SQL of certificates, tokens and the audit log. */
@NullMarked
package io.easyagent.server.access.store;

import org.jspecify.annotations.NullMarked;
