/** Logging in, tokens and the audit log. */
@NullMarked
package io.easyagent.cli.access;

import org.jspecify.annotations.NullMarked;
